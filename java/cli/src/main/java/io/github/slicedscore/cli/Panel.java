package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.List;

/**
 * A rectangle of a picture with axes.
 *
 * @param picture what it is drawn on
 * @param box its pixels
 * @param across data range from left to right
 * @param up data range from bottom to top
 */
record Panel(Picture picture, Rectangle box, Range across, Range up) {
    /** An interval of data. */
    record Range(double from, double to) {
        double length() {
            return to - from;
        }

        /** Where all but half a percent of values lie at each end, and a margin: outliers would leave the rest no room. */
        static Range central(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            double low = sorted[(int) Math.round(0.005 * (sorted.length - 1))];
            double high = sorted[(int) Math.round(0.995 * (sorted.length - 1))];
            double margin = high > low ? 0.12 * (high - low) : Math.max(0.5, 1e-6 * Math.abs(low));
            return new Range(low - margin, high + margin);
        }

        /** Part of the way from its start to its end. */
        double at(double value) {
            return (value - from) / length();
        }

        /** The value at a part of the way. */
        double value(double part) {
            return from + part * length();
        }
    }

    double pixelX(double value) {
        return box.x + across.at(value) * box.width;
    }

    double pixelY(double value) {
        return box.y + (1 - up.at(value)) * box.height;
    }

    /** A graphics whose drawing ends at the box; to be disposed. */
    Graphics2D clipped() {
        Graphics2D graphics = (Graphics2D) picture.graphics().create();
        graphics.clip(box);
        return graphics;
    }

    void fill(Color color) {
        Graphics2D graphics = picture.graphics();
        graphics.setColor(color);
        graphics.fill(box);
    }

    void frame(Color color, float width) {
        Graphics2D graphics = picture.graphics();
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width));
        graphics.draw(box);
    }

    /** Draws rows of a dataset as dots. */
    void dots(Dataset data, int columnAcross, int columnUp, int most, double diameter, Color color) {
        Graphics2D graphics = clipped();
        graphics.setColor(color);
        for (int row = 0; row < Math.min(most, data.rows()); row++) {
            double x = pixelX(data.value(row, columnAcross)) - diameter / 2;
            double y = pixelY(data.value(row, columnUp)) - diameter / 2;
            graphics.fill(new Ellipse2D.Double(x, y, diameter, diameter));
        }
        graphics.dispose();
    }

    /** Draws round numbers along the lower and the left side. */
    void ticks(int length, boolean lower, boolean left) {
        Graphics2D graphics = picture.graphics();
        graphics.setColor(Picture.PALE_INK);
        graphics.setStroke(new BasicStroke(1));
        int height = graphics.getFontMetrics().getAscent();
        double step = lower ? stepWhoseLabelsFit() : 1;
        for (double value : lower ? Ticks.of(across, step) : List.<Double>of()) {
            double x = pixelX(value);
            graphics.draw(new Line2D.Double(x, box.getMaxY(), x, box.getMaxY() + length));
            picture.centred(Ticks.label(value, step), x, box.getMaxY() + length + height + 2);
        }
        step = Ticks.step(up.length() / 3);
        for (double value : left ? Ticks.of(up, step) : List.<Double>of()) {
            double y = pixelY(value);
            String text = Ticks.label(value, step);
            graphics.draw(new Line2D.Double(box.x - length, y, box.x, y));
            graphics.drawString(
                    text,
                    (float) (box.x - length - 4 - graphics.getFontMetrics().stringWidth(text)),
                    (float) (y + height / 2.0 - 2));
        }
    }

    /** The finest step, of three to six at most, at which neighbouring labels stay apart. */
    private double stepWhoseLabelsFit() {
        double step = Ticks.step(across.length() / 3);
        while (step < across.length()) {
            int widest = 0;
            for (double value : Ticks.of(across, step)) {
                widest = Math.max(widest, width(Ticks.label(value, step)));
            }
            if (1.25 * widest < step / across.length() * box.width) {
                break;
            }
            step = Ticks.coarser(step);
        }
        return step;
    }

    private int width(String text) {
        return picture.graphics().getFontMetrics().stringWidth(text);
    }
}
