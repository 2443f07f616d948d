package io.github.slicedscore.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of a step's time and a run's memory against D, on logarithmic axes. */
public final class TimeAndMemory {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 520;

    /** Told apart by people who see few colours, too. */
    private static final Map<String, Color> COLORS = Map.of(
            "exact", new Color(0xD55E00),
            "ssm", new Color(0x0072B2),
            "ssm-vr", new Color(0x56B4E9),
            "dsm", new Color(0x009E73),
            "fd-ssm", new Color(0xCC79A7));

    private TimeAndMemory() {}

    /**
     * One objective at one dimension.
     *
     * @param dimension D
     * @param milliseconds processor time a step
     * @param mebibytes memory of the run
     */
    public record Point(int dimension, double milliseconds, double mebibytes) {}

    /**
     * Draws.
     *
     * @param network what was trained, for the titles
     * @param points by objective
     * @param picture the file to write
     * @throws IOException if it can't be written
     */
    public static void draw(String network, Map<String, List<Point>> points, Path picture) throws IOException {
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart("Time: " + network, "ms of one thread a step", points, Point::milliseconds)
                .paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        chart("Memory: " + network, "MiB held by the run", points, Point::mebibytes)
                .paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", picture.toFile());
    }

    private static XYChart chart(
            String title, String unit, Map<String, List<Point>> lines, ToDoubleFunction<Point> figure) {
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
        lines.forEach((objective, points) -> {
            XYSeries series = chart.addSeries(
                    objective,
                    points.stream().mapToDouble(Point::dimension).toArray(),
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
