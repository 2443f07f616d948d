package io.github.slicedscore.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** A density as colours and a score as arrows over two columns, in SVG. */
final class SvgField {
    private static final int SIZE = 400;
    private static final int LEFT = 66;
    private static final int TOP = 8;
    private static final int BOTTOM = 48;

    private final Html html;
    private final ScoreSlice slice;

    private SvgField(Html html, ScoreSlice slice) {
        this.html = html;
        this.slice = slice;
    }

    static void draw(Html html, ScoreSlice slice) {
        new SvgField(html, slice).draw();
    }

    private void draw() {
        boolean density = slice.density().length > 0;
        Svg.begin(
                html,
                LEFT + SIZE + 12,
                TOP + SIZE + BOTTOM,
                "field",
                (density ? "Density, as colours, and score" : "Score") + ", as arrows, over " + slice.across() + " and "
                        + slice.up());
        if (density) {
            html.empty(
                    "image",
                    "x",
                    Integer.toString(LEFT),
                    "y",
                    Integer.toString(TOP),
                    "width",
                    Integer.toString(SIZE),
                    "height",
                    Integer.toString(SIZE),
                    "preserveAspectRatio",
                    "none",
                    "href",
                    "data:image/png;base64," + Base64.getEncoder().encodeToString(png(slice.density())));
        }
        html.empty("path", "class", density ? "arrows light" : "arrows", "d", arrows());
        Svg.box(html, "frame", LEFT, TOP, SIZE, SIZE);
        axes();
        html.close();
    }

    /** The square root of the density, which shows wide parts as well as narrow ones. */
    private static byte[] png(double[][] density) {
        int side = density.length;
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                image.setRGB(column, row, ColorMap.rgb(Math.sqrt(density[row][column])));
            }
        }
        try {
            return Picture.png(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Directions as they look on the page. */
    private String arrows() {
        double[] field = slice.field();
        double spacing = (double) SIZE / ScoreSlice.ARROWS;
        double perAcross = SIZE / slice.acrossRange().length();
        double perUp = SIZE / slice.upRange().length();
        SvgPath path = new SvgPath();
        for (int i = 0; i < field.length / 2; i++) {
            // The gradient by pixels, not by the columns' units, is steepest where it looks so.
            double across = field[2 * i] / perAcross;
            double up = field[2 * i + 1] / perUp;
            double norm = Math.hypot(across, up);
            if (norm > 0) {
                // The field spans decades; lengths grow like its root and stop at the spacing.
                double length = spacing * Math.min(0.95, 0.11 * Math.sqrt(norm * SIZE));
                arrow(
                        path,
                        LEFT + slice.acrossRange().at(slice.feet()[2 * i]) * SIZE,
                        TOP + (1 - slice.upRange().at(slice.feet()[2 * i + 1])) * SIZE,
                        length * across / norm,
                        -length * up / norm);
            }
        }
        return path.toString();
    }

    /** An arrow whose middle is at (x, y). */
    private static void arrow(SvgPath path, double x, double y, double dx, double dy) {
        double tipX = x + dx / 2;
        double tipY = y + dy / 2;
        double head = 0.32;
        path.from(x - dx / 2, y - dy / 2).to(tipX, tipY);
        path.from(tipX - head * (dx + 0.6 * dy), tipY - head * (dy - 0.6 * dx))
                .to(tipX, tipY)
                .to(tipX - head * (dx - 0.6 * dy), tipY - head * (dy + 0.6 * dx));
    }

    private void axes() {
        double step = Ticks.step(slice.acrossRange().length() / 4);
        for (double value : Ticks.of(slice.acrossRange(), step)) {
            double x = LEFT + slice.acrossRange().at(value) * SIZE;
            Svg.line(html, "grid", x, TOP + SIZE, x, TOP + SIZE + 5);
            Svg.text(html, "tick middle", x, TOP + SIZE + 18, Ticks.label(value, step));
        }
        Svg.text(html, "axis middle", LEFT + SIZE / 2.0, TOP + SIZE + 40, slice.across());
        step = Ticks.step(slice.upRange().length() / 4);
        for (double value : Ticks.of(slice.upRange(), step)) {
            double y = TOP + (1 - slice.upRange().at(value)) * SIZE;
            Svg.line(html, "grid", LEFT - 5, y, LEFT, y);
            Svg.text(html, "tick end", LEFT - 8, y + 4, Ticks.label(value, step));
        }
        Svg.textUpwards(html, "axis middle", 14, TOP + SIZE / 2.0, slice.up());
    }
}
