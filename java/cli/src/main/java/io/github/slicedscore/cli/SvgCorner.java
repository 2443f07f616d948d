package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;
import io.github.slicedscore.data.Dataset;
import java.util.Arrays;
import java.util.List;

/** Data against samples in SVG: histograms of columns on the diagonal, pairs of columns as dots below it. */
final class SvgCorner {
    private static final int WIDTH = 1000;
    private static final int LEFT = 74;
    private static final int TOP = 22;
    private static final int BOTTOM = 52;
    private static final int GAP = 6;
    private static final int BINS = 28;

    /** Dots of all panels together, which decides the size of the file. */
    private static final int DOTS = 40_000;

    private final Html html;
    private final Dataset data;
    private final Dataset samples;
    private final double size;

    private SvgCorner(Html html, Dataset data, Dataset samples) {
        this.html = html;
        this.data = data;
        this.samples = samples;
        int columns = data.columns().size();
        size = Math.min(400, (double) (WIDTH - LEFT) / columns - GAP);
    }

    /** Draws two tables of the same columns. */
    static void draw(Html html, Dataset data, Dataset samples) {
        new SvgCorner(html, data, samples).draw();
    }

    private void draw() {
        List<String> columns = data.columns();
        int side = (int) Math.ceil(columns.size() * (size + GAP));
        Svg.begin(
                html,
                LEFT + side,
                TOP + side + BOTTOM,
                "corner",
                "Histograms of " + String.join(", ", columns) + ", and scatter plots of their pairs: " + data.rows()
                        + " rows of data in blue and " + samples.rows() + " samples in orange");
        for (int row = 0; row < columns.size(); row++) {
            for (int column = 0; column <= row; column++) {
                panel(row, column);
            }
        }
        html.close();
    }

    private void panel(int row, int column) {
        double x = LEFT + column * (size + GAP);
        double y = TOP + row * (size + GAP);
        Range across = Range.central(data.column(column));
        Range up = Range.central(data.column(row));
        if (row == column) {
            histograms(x, y, column, across);
            Svg.text(html, "small middle", x + size / 2, y - 4 + (row == 0 ? 0 : 1), shortened(column));
        } else {
            int panels = Math.max(1, data.columns().size() * (data.columns().size() - 1) / 2);
            int most = Math.min(1500, DOTS / 2 / panels);
            dots("data", data, x, y, row, column, across, up, most);
            dots("samples", samples, x, y, row, column, across, up, most);
        }
        Svg.box(html, "frame", x, y, size, size);
        if (row == data.columns().size() - 1) {
            ticksAcross(x, y + size, across);
            Svg.text(html, "small middle", x + size / 2, y + size + 32, shortened(column));
        }
        if (column == 0 && row > 0) {
            ticksUp(x, y, up);
            Svg.textUpwards(html, "small middle", x - 52, y + size / 2, shortened(row));
        }
    }

    private void histograms(double x, double y, int column, Range range) {
        double[] ofData = shares(data, column, range);
        double[] ofSamples = shares(samples, column, range);
        double highest = Math.max(
                Arrays.stream(ofData).max().orElse(1),
                Arrays.stream(ofSamples).max().orElse(1));
        html.empty("path", "class", "area data", "d", outline(x, y, ofData, highest));
        html.empty("path", "class", "curve samples", "d", outline(x, y, ofSamples, highest));
    }

    /** Part of all rows in each bin. */
    private static double[] shares(Dataset table, int column, Range range) {
        double[] shares = new double[BINS];
        for (int row = 0; row < table.rows(); row++) {
            double at = range.at(table.value(row, column));
            if (at >= 0 && at < 1) {
                shares[(int) (at * BINS)] += 1.0 / table.rows();
            }
        }
        return shares;
    }

    private String outline(double x, double y, double[] shares, double highest) {
        double width = size / BINS;
        SvgPath path = new SvgPath().to(x, y + size);
        for (int bin = 0; bin < BINS; bin++) {
            double top = y + size * (1 - 0.92 * shares[bin] / highest);
            path.to(x + bin * width, top).to(x + (bin + 1) * width, top);
        }
        return path.to(x + size, y + size).toString();
    }

    private void dots(
            String look, Dataset table, double x, double y, int row, int column, Range across, Range up, int most) {
        SvgPath path = new SvgPath();
        for (int i = 0; i < Math.min(most, table.rows()); i++) {
            double atX = across.at(table.value(i, column));
            double atY = up.at(table.value(i, row));
            if (atX >= 0 && atX <= 1 && atY >= 0 && atY <= 1) {
                path.dot(x + atX * size, y + (1 - atY) * size);
            }
        }
        html.empty("path", "class", "dots " + look, "stroke-width", size < 150 ? "2" : "3.5", "d", path.toString());
    }

    private void ticksAcross(double x, double y, Range range) {
        double step = Ticks.step(range.length() / (size < 150 ? 1.3 : 4));
        for (double value : Ticks.of(range, step)) {
            double at = x + range.at(value) * size;
            Svg.line(html, "grid", at, y, at, y + 4);
            String label = Ticks.label(value, step);
            // Labels of neighbouring panels must not touch: some six pixels a letter.
            double half = 3.0 * label.length();
            if (at - half >= x - GAP / 2.0 && at + half <= x + size + GAP / 2.0) {
                Svg.text(html, "tick small middle", at, y + 16, label);
            }
        }
    }

    private void ticksUp(double x, double y, Range range) {
        double step = Ticks.step(range.length() / 2);
        for (double value : Ticks.of(range, step)) {
            double at = y + (1 - range.at(value)) * size;
            Svg.line(html, "grid", x - 4, at, x, at);
            Svg.text(html, "tick small end", x - 6, at + 4, Ticks.label(value, step));
        }
    }

    /** The column's name, cut to the width of a panel at some six pixels a letter. */
    private String shortened(int column) {
        String name = data.columns().get(column);
        int most = Math.max(4, (int) (size / 5.8));
        return name.length() <= most ? name : name.substring(0, most - 1) + "\u2026";
    }
}
