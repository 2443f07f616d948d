package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;
import io.github.slicedscore.data.Dataset;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.util.Arrays;

/** Data against samples: histograms of every column on the diagonal, every pair of columns as dots below it. */
final class CornerPlot {
    private static final Color DATA = new Color(0x2F6DA8);
    private static final Color SAMPLES = new Color(0xE4692B);
    private static final int MOST_COLUMNS = 16;
    private static final int MOST_DOTS = 1500;
    private static final int BINS = 32;
    private static final int MARGIN = 90;
    private static final int TOP = 70;
    private static final int GAP = 8;

    private final Picture picture;
    private final Dataset data;
    private final Dataset samples;
    private final int columns;
    private final int size;

    private CornerPlot(Dataset data, Dataset samples) {
        this.data = data;
        this.samples = samples;
        columns = Math.min(MOST_COLUMNS, data.columns().size());
        size = Math.min(420, Math.max(130, 1500 / columns));
        int side = columns * (size + GAP);
        picture = new Picture(MARGIN + side + 30, TOP + side + MARGIN);
    }

    /** The picture as PNG; both tables have the same columns, of which the first 16 are drawn. */
    static byte[] draw(Dataset data, Dataset samples) throws IOException {
        CornerPlot plot = new CornerPlot(data, samples);
        plot.legend();
        for (int row = 0; row < plot.columns; row++) {
            for (int column = 0; column <= row; column++) {
                plot.panel(row, column);
            }
        }
        return plot.picture.png();
    }

    private void legend() {
        Graphics2D graphics = picture.graphics();
        graphics.setFont(Fonts.bold(20));
        graphics.setColor(Picture.INK);
        graphics.drawString("Data and samples", MARGIN, 40);
        int x = MARGIN + graphics.getFontMetrics().stringWidth("Data and samples") + 40;
        graphics.setFont(Fonts.plain(17));
        x = key(x, DATA, "data, " + data.rows() + " rows");
        key(x, SAMPLES, "samples, " + samples.rows() + " rows");
    }

    private int key(int x, Color color, String text) {
        Graphics2D graphics = picture.graphics();
        graphics.setColor(color);
        graphics.fillOval(x, 27, 13, 13);
        graphics.setColor(Picture.INK);
        graphics.drawString(text, x + 20, 40);
        return x + 20 + graphics.getFontMetrics().stringWidth(text) + 30;
    }

    private void panel(int row, int column) {
        Rectangle box = new Rectangle(MARGIN + column * (size + GAP), TOP + row * (size + GAP), size, size);
        Range across = Range.central(data.column(column));
        Panel panel =
                new Panel(picture, box, across, row == column ? new Range(0, 1) : Range.central(data.column(row)));
        if (row == column) {
            histograms(panel, column);
        } else {
            int alpha = columns > 6 ? 70 : 100;
            double diameter = columns > 6 ? 2.5 : 4;
            panel.dots(data, column, row, MOST_DOTS, diameter, translucent(DATA, alpha));
            panel.dots(samples, column, row, MOST_DOTS, diameter, translucent(SAMPLES, alpha));
        }
        panel.frame(new Color(0xBBBBBB), 1);
        labels(panel, row, column);
    }

    private void labels(Panel panel, int row, int column) {
        Graphics2D graphics = picture.graphics();
        Rectangle box = panel.box();
        boolean roomy = size >= 200;
        graphics.setFont(Fonts.plain(roomy ? 14 : 10));
        panel.ticks(4, row == columns - 1, column == 0 && row > 0);
        graphics.setColor(Picture.INK);
        graphics.setFont(Fonts.plain(roomy ? 17 : 12));
        if (row == columns - 1) {
            picture.centred(shortened(column), box.getCenterX(), box.getMaxY() + 42);
        }
        if (column == 0 && row > 0) {
            AffineTransform before = graphics.getTransform();
            graphics.rotate(-Math.PI / 2, box.x - 58, box.getCenterY());
            picture.centred(shortened(row), box.x - 58, box.getCenterY());
            graphics.setTransform(before);
        }
        if (row == column) {
            picture.centred(shortened(column), box.getCenterX(), box.y - 6 + (row == 0 ? 0 : -2));
        }
    }

    /** The column's name, cut to the width of a panel. */
    private String shortened(int column) {
        String name = data.columns().get(column);
        while (name.length() > 4 && picture.graphics().getFontMetrics().stringWidth(name) > size - 4) {
            name = name.substring(0, name.length() - 2) + "\u2026";
        }
        return name;
    }

    private void histograms(Panel panel, int column) {
        double[] ofData = histogram(data, column, panel.across());
        double[] ofSamples = histogram(samples, column, panel.across());
        double highest = Math.max(
                Arrays.stream(ofData).max().orElse(1),
                Arrays.stream(ofSamples).max().orElse(1));
        Graphics2D graphics = panel.clipped();
        graphics.setColor(translucent(DATA, 90));
        graphics.fill(outline(panel.box(), ofData, highest));
        graphics.setColor(SAMPLES);
        graphics.setStroke(new BasicStroke(columns > 6 ? 1.5f : 2.5f));
        graphics.draw(outline(panel.box(), ofSamples, highest));
        graphics.dispose();
    }

    /** Part of all rows in each bin. */
    private static double[] histogram(Dataset table, int column, Range range) {
        double[] parts = new double[BINS];
        for (int row = 0; row < table.rows(); row++) {
            double position = range.at(table.value(row, column));
            if (position >= 0 && position < 1) {
                parts[(int) (position * BINS)] += 1.0 / table.rows();
            }
        }
        return parts;
    }

    private static Path2D outline(Rectangle box, double[] parts, double highest) {
        double width = (double) box.width / BINS;
        Path2D path = new Path2D.Double();
        path.moveTo(box.x, box.getMaxY());
        for (int bin = 0; bin < BINS; bin++) {
            double y = box.getMaxY() - 0.92 * box.height * parts[bin] / highest;
            path.lineTo(box.x + bin * width, y);
            path.lineTo(box.x + (bin + 1) * width, y);
        }
        path.lineTo(box.getMaxX(), box.getMaxY());
        path.closePath();
        return path;
    }

    private static Color translucent(Color color, int alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
    }
}
