package io.github.slicedscore.cli;

import io.github.slicedscore.train.TrainingPoint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The losses of a training over its steps. */
final class LossChart {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;
    private static final Color TRAINING = new Color(0x9A9A9A);
    private static final Color VALIDATION = new Color(0xB63679);

    private LossChart() {}

    static byte[] draw(List<TrainingPoint> points) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Score-matching loss")
                .xAxisTitle("step")
                .yAxisTitle("loss (lower is better)")
                .build();
        style(chart);
        double[] steps = points.stream().mapToDouble(TrainingPoint::step).toArray();
        double[] losses = points.stream().mapToDouble(TrainingPoint::loss).toArray();
        double[] held =
                points.stream().mapToDouble(TrainingPoint::validationLoss).toArray();
        line(chart, "training", steps, losses, TRAINING, 1.5f);
        if (Arrays.stream(held).anyMatch(Double::isFinite)) {
            line(chart, "validation", steps, held, VALIDATION, 2.5f);
            markBest(chart, steps, held);
        }
        limit(chart, losses, held);
        Picture picture = new Picture(WIDTH, HEIGHT);
        chart.paint(picture.graphics(), WIDTH, HEIGHT);
        return picture.png();
    }

    private static void style(XYChart chart) {
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBorderColor(new Color(0xCCCCCC));
        chart.getStyler().setPlotGridLinesColor(new Color(0xE8E8E8));
        chart.getStyler().setPlotGridLinesStroke(new BasicStroke(1));
        chart.getStyler().setChartTitleBoxVisible(false);
        chart.getStyler().setChartTitleFont(Fonts.bold(18));
        chart.getStyler().setAxisTitleFont(Fonts.plain(14));
        chart.getStyler().setAxisTickLabelsFont(Fonts.plain(13));
        chart.getStyler().setLegendFont(Fonts.plain(14));
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setLegendBorderColor(new Color(0xCCCCCC));
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisDecimalPattern("#,###");
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color color, float width) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(x.length == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setLineColor(color);
        series.setMarkerColor(color);
        series.setLineStyle(new BasicStroke(width));
    }

    private static void markBest(XYChart chart, double[] steps, double[] held) {
        int best = 0;
        for (int i = 1; i < held.length; i++) {
            best = held[i] < held[best] ? i : best;
        }
        XYSeries series = chart.addSeries("best", new double[] {steps[best]}, new double[] {held[best]});
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(VALIDATION);
        series.setLineColor(VALIDATION);
    }

    /** Keeps the first points, which may be huge, from flattening the rest. */
    private static void limit(XYChart chart, double[] losses, double[] held) {
        double[] all = Arrays.stream(new double[][] {losses, held})
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double low = all[0];
        double high = all[(int) (0.97 * (all.length - 1))];
        if (high > low) {
            double margin = 0.08 * (high - low);
            chart.getStyler().setYAxisMin(low - margin);
            chart.getStyler().setYAxisMax(high + margin);
        }
    }
}
