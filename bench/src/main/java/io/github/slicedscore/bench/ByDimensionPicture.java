package io.github.slicedscore.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what {@link ByDimension} measured, time and memory of a step against D on logarithmic axes, and prints how both grow.
 *
 * <pre>
 * java -jar bench/target/benchmarks.jar ByDimension -rf csv -rff by-dimension.csv
 * java -cp bench/target/benchmarks.jar io.github.slicedscore.bench.ByDimensionPicture by-dimension.csv by-dimension.png
 * </pre>
 */
public final class ByDimensionPicture {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 520;

    /** Told apart by people who see few colours, too. */
    private static final Map<String, Color> COLORS = Map.of(
            "exact", new Color(0xD55E00),
            "ssm", new Color(0x0072B2),
            "ssm-vr", new Color(0x56B4E9),
            "dsm", new Color(0x009E73),
            "fd-ssm", new Color(0xCC79A7));

    private ByDimensionPicture() {}

    /**
     * Draws and prints.
     *
     * @param args JMH's table and the picture to write
     * @throws IOException if one cannot be read or the other not be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: ByDimensionPicture RESULTS.csv PICTURE.png");
            System.exit(2);
        }
        ByDimensionResults results = read(Path.of(args[0]));
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        String network = ": score network " + results.width() + " x 2, batch " + results.batch();
        chart("Time" + network, "ms of one thread a step", results, ByDimensionResults.Point::milliseconds)
                .paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        chart("Memory" + network, "MiB held by the run", results, ByDimensionResults.Point::mebibytes)
                .paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", Path.of(args[1]).toFile());
        print(results);
    }

    private static void print(ByDimensionResults results) {
        System.out.println("| objective | D | processor ms a step | by the clock | MiB |");
        System.out.println("| --- | --- | --- | --- | --- |");
        results.points().forEach((objective, points) -> {
            for (ByDimensionResults.Point point : points) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.2f | %.2f | %.2f |%n",
                        objective,
                        point.dimension(),
                        point.milliseconds(),
                        point.clock(),
                        point.mebibytes());
            }
        });
        System.out.println();
        System.out.println("| objective | D | times the processor time | predicted by its multiplications |");
        System.out.println("| --- | --- | --- | --- |");
        results.points().forEach((objective, points) -> {
            ratio(results, objective, 100, 400);
            ratio(results, objective, 100, 784);
        });
    }

    private static ByDimensionResults read(Path file) throws IOException {
        try {
            return new ByDimensionResults(file);
        } catch (IllegalArgumentException e) {
            System.err.println("ByDimensionPicture: " + e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    /** Prints how a step's time grows, where both dimensions were measured. */
    private static void ratio(ByDimensionResults results, String objective, int from, int to) {
        Map<Integer, Double> times = results.points().get(objective).stream()
                .collect(Collectors.toMap(ByDimensionResults.Point::dimension, ByDimensionResults.Point::milliseconds));
        Double before = times.get(from);
        Double after = times.get(to);
        if (before != null && after != null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d to %d | %.2f | %.2f |%n",
                    objective,
                    from,
                    to,
                    after / before,
                    results.predicted(objective, from, to));
        }
    }

    private static XYChart chart(
            String title, String unit, ByDimensionResults results, ToDoubleFunction<ByDimensionResults.Point> figure) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("dimension D")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE8E8E8));
        chart.getStyler().setChartTitleBoxVisible(false);
        chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
        results.points().forEach((objective, points) -> {
            XYSeries series = chart.addSeries(
                    objective,
                    points.stream()
                            .mapToDouble(ByDimensionResults.Point::dimension)
                            .toArray(),
                    points.stream().mapToDouble(figure).toArray());
            Color color = COLORS.getOrDefault(objective, Color.BLACK);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(color);
            series.setLineColor(color);
            series.setLineStyle(new BasicStroke(2));
        });
        return chart;
    }
}
