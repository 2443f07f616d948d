package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Panel.Range;
import io.github.slicedscore.data.Dataset;
import java.util.Arrays;

/**
 * A model over two of its columns, where the others keep fixed values: there its density is the conditional one of the two given the
 * others, up to a constant.
 *
 * @param across name of the column from left to right
 * @param up name of the column from bottom to top
 * @param acrossRange where it is looked at
 * @param upRange likewise
 * @param density relative to the largest, [{@value #GRID}][{@value #GRID}], first row uppermost; no rows for score networks
 * @param feet points at which the score is known, [{@value #ARROWS}^2, 2] row-major
 * @param field the score's two components there, likewise
 */
record ScoreSlice(
        String across, String up, Range acrossRange, Range upRange, double[][] density, double[] feet, double[] field) {
    static final int GRID = 120;
    static final int ARROWS = 18;

    /**
     * Looks at a model.
     *
     * @param model of either kind
     * @param rows with the model's columns and conditions, in their order: they say where to look
     * @param fixed values of all columns and conditions
     * @param across index of the column from left to right
     * @param up index of the other
     */
    static ScoreSlice of(ScoreModel model, Dataset rows, double[] fixed, int across, int up) {
        Range acrossRange = Range.central(rows.column(across));
        Range upRange = Range.central(rows.column(up));
        Plane plane = new Plane(fixed, across, up, acrossRange, upRange);
        double[] scores = new double[ARROWS * ARROWS * model.columns().size()];
        double[] points = plane.points(ARROWS);
        model.score(points, ARROWS * ARROWS, scores);
        return new ScoreSlice(
                rows.columns().get(across),
                rows.columns().get(up),
                acrossRange,
                upRange,
                model.hasDensity() ? density(model, plane.points(GRID)) : new double[0][],
                pairs(points, fixed.length, across, up),
                pairs(scores, model.columns().size(), across, up));
    }

    private static double[][] density(ScoreModel model, double[] points) {
        double[] logDensities = new double[GRID * GRID];
        model.logDensity(points, GRID * GRID, logDensities);
        double largest = Arrays.stream(logDensities).max().orElseThrow();
        double[][] density = new double[GRID][GRID];
        for (int i = 0; i < logDensities.length; i++) {
            density[i / GRID][i % GRID] = Math.exp(logDensities[i] - largest);
        }
        return density;
    }

    /** Two columns of rows. */
    private static double[] pairs(double[] rows, int width, int first, int second) {
        double[] pairs = new double[rows.length / width * 2];
        for (int row = 0; row < rows.length / width; row++) {
            pairs[2 * row] = rows[row * width + first];
            pairs[2 * row + 1] = rows[row * width + second];
        }
        return pairs;
    }

    /** The plane of two columns. */
    private record Plane(double[] fixed, int across, int up, Range acrossRange, Range upRange) {
        /** The centres of a grid's cells, row by row from above. */
        double[] points(int side) {
            int width = fixed.length;
            double[] points = new double[Math.multiplyExact(side * side, width)];
            for (int i = 0; i < side * side; i++) {
                System.arraycopy(fixed, 0, points, i * width, width);
                points[i * width + across] = acrossRange.value((i % side + 0.5) / side);
                points[i * width + up] = upRange.value(1 - (Math.floorDiv(i, side) + 0.5) / side);
            }
            return points;
        }
    }
}
