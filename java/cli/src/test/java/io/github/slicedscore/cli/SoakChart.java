package io.github.slicedscore.cli;

import java.awt.Color;
import java.io.IOException;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a long run took over time, a panel a quantity, each from 0: what is flat looks flat. */
final class SoakChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 170;

    private SoakChart() {}

    static byte[] draw(double[] minutes, List<String> names, List<double[]> values) throws IOException {
        Picture picture = new Picture(WIDTH, HEIGHT * names.size());
        for (int i = 0; i < names.size(); i++) {
            XYChart chart = new XYChartBuilder()
                    .width(WIDTH)
                    .height(HEIGHT)
                    .title(names.get(i))
                    .xAxisTitle("minutes")
                    .build();
            chart.getStyler().setLegendVisible(false);
            chart.getStyler().setYAxisMin(0.0);
            chart.getStyler().setChartBackgroundColor(Color.WHITE);
            chart.addSeries(names.get(i), minutes, values.get(i)).setMarker(SeriesMarkers.NONE);
            chart.paint(picture.graphics(), WIDTH, HEIGHT);
            picture.graphics().translate(0, HEIGHT);
        }
        return picture.png();
    }
}
