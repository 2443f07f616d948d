package io.github.slicedscore.bench.paper;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** Bars as in the paper's figures 1 and 3: the loss of each objective on each file, and the log-likelihood. */
final class KernelBars {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 420;

    private KernelBars() {}

    static void draw(List<KernelRun> runs, Path picture) throws IOException {
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart("Score-matching loss of test rows", runs, KernelRun::testLoss).paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        chart("Log-likelihood of test rows", runs, KernelRun::logLikelihood).paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", picture.toFile());
    }

    private static CategoryChart chart(String title, List<KernelRun> runs, ToDoubleFunction<KernelRun> figure) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
        List<String> tables = runs.stream().map(KernelRun::table).distinct().toList();
        for (String objective :
                runs.stream().map(KernelRun::objective).distinct().toList()) {
            List<Double> means = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            for (String table : tables) {
                Spread spread = Spread.of(KernelRun.select(runs, table, objective), figure);
                means.add(spread.mean());
                errors.add(spread.error());
            }
            chart.addSeries(objective, tables, means, errors);
        }
        return chart;
    }
}
