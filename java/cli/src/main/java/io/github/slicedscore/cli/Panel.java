package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;

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

        /** Part of the way from its start to its end. */
        double at(double value) {
            return (value - from) / length();
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
        for (double value = first(across, step); lower && value <= across.to(); value += step) {
            double x = pixelX(value);
            graphics.draw(new Line2D.Double(x, box.getMaxY(), x, box.getMaxY() + length));
            picture.centred(label(value, step), x, box.getMaxY() + length + height + 2);
        }
        step = step(up.length() / 3);
        for (double value = first(up, step); left && value <= up.to(); value += step) {
            double y = pixelY(value);
            String text = label(value, step);
            graphics.draw(new Line2D.Double(box.x - length, y, box.x, y));
            graphics.drawString(
                    text,
                    (float) (box.x - length - 4 - graphics.getFontMetrics().stringWidth(text)),
                    (float) (y + height / 2.0 - 2));
        }
    }

    private static double first(Range range, double step) {
        return Math.ceil(range.from() / step) * step;
    }

    /** The finest step, of three to six at most, at which neighbouring labels stay apart. */
    private double stepWhoseLabelsFit() {
        double step = step(across.length() / 3);
        while (step < across.length()) {
            double last = first(across, step) + step * Math.floor((across.to() - first(across, step)) / step);
            int width = Math.max(width(label(first(across, step), step)), width(label(last, step)));
            if (1.25 * width < step / across.length() * box.width) {
                break;
            }
            // From 1 to 2, to 5, to 10.
            step = step(2.51 * step);
        }
        return step;
    }

    private int width(String text) {
        return picture.graphics().getFontMetrics().stringWidth(text);
    }

    /** The largest of 1, 2 and 5 times a power of ten that is not above a length. */
    private static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        double mantissa = most / power;
        return power * (mantissa >= 5 ? 5 : mantissa >= 2 ? 2 : 1);
    }

    private static String label(double value, double step) {
        double clean = Math.abs(value) < step / 2 ? 0 : value;
        return CsvText.fixed(clean, Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9)));
    }
}
