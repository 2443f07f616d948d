package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Panel.Range;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.train.ModelKind;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;

/** The demo's picture: data, the density learned from them, the score field, and samples drawn from it. */
final class DemoPicture {
    private static final int SIZE = 720;
    private static final int LEFT = 70;
    private static final int TOP = 120;
    private static final int ACROSS = SIZE + 60;
    private static final int DOWN = SIZE + 110;
    private static final int DOTS = 4000;
    private static final int GRID = SIZE / 2;
    private static final int ARROWS = 26;
    private static final Color DOT = new Color(0xFE, 0xC2, 0x87, 120);

    private final Picture picture = new Picture(LEFT + 2 * ACROSS, TOP + 2 * DOWN - 20);
    private final Range across;
    private final Range up;

    private DemoPicture(Range across, Range up) {
        this.across = across;
        this.up = up;
    }

    /**
     * Draws.
     *
     * @param data two columns, which were learned from
     * @param energy gives the density
     * @param score gives the field
     * @param samples drawn from one of the two
     * @param drawnWith from which
     * @param subtitle one line
     */
    static byte[] draw(
            Dataset data, ScoreModel energy, ScoreModel score, Dataset samples, ModelKind drawnWith, String subtitle)
            throws IOException {
        Range first = extent(data, 0);
        Range second = extent(data, 1);
        // One length for both axes, so that circles are round.
        double length = Math.max(first.length(), second.length());
        DemoPicture demo = new DemoPicture(resized(first, length), resized(second, length));
        demo.title(subtitle);
        Panel points = demo.panel(0, 0, "The data");
        Panel heat = demo.panel(1, 0, "Density that the energy network learned");
        Panel field = demo.panel(0, 1, "Score that the score network learned");
        Panel drawn = demo.panel(1, 1, "Samples drawn with the " + drawnWith.id() + " network");
        double[][] density = demo.density(energy);
        demo.points(points, data);
        demo.heat(heat, density, 1);
        demo.heat(field, density, 0.55);
        demo.arrows(field, score);
        demo.points(drawn, samples);
        return demo.picture.png();
    }

    /** Where all but half a percent of the values lie, and a margin: the far points of long tails would leave the rest no room. */
    private static Range extent(Dataset data, int column) {
        double[] values = new double[Math.min(DOTS, data.rows())];
        for (int row = 0; row < values.length; row++) {
            values[row] = data.value(row, column);
        }
        Arrays.sort(values);
        double low = values[values.length / 400];
        double high = values[values.length - 1 - values.length / 400];
        double margin = 0.1 * (high - low);
        return new Range(low - margin, high + margin);
    }

    private static Range resized(Range range, double length) {
        double middle = range.from() + range.length() / 2;
        return new Range(middle - length / 2, middle + length / 2);
    }

    private void title(String subtitle) {
        Graphics2D graphics = picture.graphics();
        graphics.setFont(Fonts.bold(30));
        graphics.drawString("Sliced score matching: a density learned from samples alone", LEFT, 44);
        graphics.setFont(Fonts.plain(20));
        graphics.setColor(Picture.PALE_INK);
        graphics.drawString(subtitle, LEFT, 76);
    }

    private Panel panel(int column, int row, String title) {
        Rectangle box = new Rectangle(LEFT + column * ACROSS, TOP + row * DOWN + 20, SIZE, SIZE);
        Panel panel = new Panel(picture, box, across, up);
        panel.fill(ColorMap.color(0));
        Graphics2D graphics = picture.graphics();
        graphics.setFont(Fonts.plain(16));
        panel.ticks(5, true, true);
        graphics.setFont(Fonts.plain(23));
        graphics.setColor(Picture.INK);
        graphics.drawString(title, box.x, box.y - 12);
        return panel;
    }

    private void points(Panel panel, Dataset points) {
        panel.dots(points, 0, 1, DOTS, 4, DOT);
    }

    /** The density on a grid relative to the largest, [row from above][column]. */
    private double[][] density(ScoreModel energy) {
        double[] points = new double[2 * GRID * GRID];
        for (int row = 0; row < GRID; row++) {
            for (int column = 0; column < GRID; column++) {
                int at = 2 * (row * GRID + column);
                points[at] = across.value((column + 0.5) / GRID);
                points[at + 1] = up.value(1 - (row + 0.5) / GRID);
            }
        }
        double[] logDensities = new double[GRID * GRID];
        energy.logDensity(points, GRID * GRID, logDensities);
        double largest = Arrays.stream(logDensities).max().orElseThrow();
        double[][] density = new double[GRID][GRID];
        for (int i = 0; i < logDensities.length; i++) {
            density[i / GRID][i % GRID] = Math.exp(logDensities[i] - largest);
        }
        return density;
    }

    /** A heat map of the density's square root, which shows wide components as well as narrow ones. */
    private void heat(Panel panel, double[][] density, double brightness) {
        BufferedImage map = new BufferedImage(GRID, GRID, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < GRID; row++) {
            for (int column = 0; column < GRID; column++) {
                map.setRGB(column, row, ColorMap.rgb(brightness * Math.sqrt(density[row][column])));
            }
        }
        Graphics2D graphics = panel.clipped();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(map, panel.box().x, panel.box().y, SIZE, SIZE, null);
        graphics.dispose();
    }

    private void arrows(Panel panel, ScoreModel score) {
        double[] feet = new double[2 * ARROWS * ARROWS];
        for (int i = 0; i < ARROWS * ARROWS; i++) {
            feet[2 * i] = across.value((i % ARROWS + 0.5) / ARROWS);
            feet[2 * i + 1] = up.value((Math.floorDiv(i, ARROWS) + 0.5) / ARROWS);
        }
        double[] field = new double[feet.length];
        score.score(feet, ARROWS * ARROWS, field);
        double spacing = (double) SIZE / ARROWS;
        Graphics2D graphics = panel.clipped();
        graphics.setColor(new Color(255, 255, 255, 215));
        graphics.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int i = 0; i < ARROWS * ARROWS; i++) {
            double norm = Math.hypot(field[2 * i], field[2 * i + 1]);
            // The field spans decades; lengths grow like its root and stop at the spacing.
            double length = spacing * Math.min(1.05, 0.28 * Math.sqrt(norm));
            double x = panel.pixelX(feet[2 * i]);
            double y = panel.pixelY(feet[2 * i + 1]);
            arrow(graphics, x, y, length * field[2 * i] / norm, -length * field[2 * i + 1] / norm);
        }
        graphics.dispose();
    }

    /** An arrow whose middle is at (x, y). */
    private static void arrow(Graphics2D graphics, double x, double y, double dx, double dy) {
        double tipX = x + dx / 2;
        double tipY = y + dy / 2;
        double head = 0.32;
        Path2D path = new Path2D.Double();
        path.moveTo(x - dx / 2, y - dy / 2);
        path.lineTo(tipX, tipY);
        path.moveTo(tipX - head * (dx + 0.6 * dy), tipY - head * (dy - 0.6 * dx));
        path.lineTo(tipX, tipY);
        path.lineTo(tipX - head * (dx - 0.6 * dy), tipY - head * (dy + 0.6 * dx));
        graphics.draw(path);
    }
}
