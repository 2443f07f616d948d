package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Rows [x, c] of a table in the order of a model's columns and conditions, in original units, and what the model makes of them
 * in standardised ones.
 */
final class ModelRows {
    private final ScoreModel model;
    private final double[] rows;
    private final int width;
    private final int dimension;

    private ModelRows(ScoreModel model, double[] rows) {
        this.model = model;
        this.rows = rows;
        dimension = model.columns().size();
        width = dimension + model.conditions().size();
    }

    /**
     * The rows of a table.
     *
     * @throws IllegalArgumentException naming a column that is missing, or if there is no row
     */
    static ModelRows of(ScoreModel model, Dataset table) {
        return copy(model, table, table.rows(), row -> row);
    }

    /**
     * Rows of a table chosen at random, at most so many, in random order: {@link #of} and {@link #shuffled}, without a copy of the
     * whole table.
     *
     * @throws IllegalArgumentException naming a column that is missing, or if there is no row
     */
    static ModelRows shuffled(ScoreModel model, Dataset table, int most, long seed) {
        requireRows(table);
        int[] chosen = chosen(table.rows(), most, seed);
        return copy(model, table, chosen.length, row -> chosen[row]);
    }

    private static ModelRows copy(ScoreModel model, Dataset table, int count, IntUnaryOperator place) {
        requireRows(table);
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        Dataset selected = table.select(names);
        double[] rows = new double[Math.multiplyExact(count, names.size())];
        for (int row = 0; row < count; row++) {
            selected.copyRow(place.applyAsInt(row), rows, row * names.size());
        }
        return new ModelRows(model, rows);
    }

    private static void requireRows(Dataset table) {
        if (table.rows() == 0) {
            throw new IllegalArgumentException("the table has no rows to evaluate the model on");
        }
    }

    private static int[] chosen(int count, int most, long seed) {
        return Points.shuffled(count, most, seed, RandomStream.RESAMPLING, Tests.CHOICE);
    }

    /** Rows chosen at random, at most so many, in random order. */
    ModelRows shuffled(int most, long seed) {
        return new ModelRows(model, Points.select(rows, width, chosen(count(), most, seed)));
    }

    /** The first rows, at most so many. */
    ModelRows first(int most) {
        return range(0, Math.min(most, count()));
    }

    /** Rows from .. to - 1. */
    ModelRows range(int from, int to) {
        return new ModelRows(model, Arrays.copyOfRange(rows, from * width, to * width));
    }

    int count() {
        return rows.length / width;
    }

    /** D + C. */
    int width() {
        return width;
    }

    /** [x, c] in original units, [count, D + C] row-major; not to be changed. */
    double[] original() {
        return rows;
    }

    /** c of a row in original units. */
    List<Double> condition(int row) {
        List<Double> values = new ArrayList<>();
        for (int column = dimension; column < width; column++) {
            values.add(rows[row * width + column]);
        }
        return values;
    }

    /** c in original units, [count, C] row-major. */
    double[] originalConditions() {
        int given = width - dimension;
        double[] values = new double[count() * given];
        for (int row = 0; row < count(); row++) {
            System.arraycopy(rows, row * width + dimension, values, row * given, given);
        }
        return values;
    }

    /** x in standardised units, [count, D] row-major. */
    double[] points() {
        return standardized(0, dimension);
    }

    /** c in standardised units, [count, C] row-major. */
    double[] conditions() {
        return standardized(dimension, width);
    }

    /** [x, c] in standardised units, [count, D + C] row-major. */
    double[] joint() {
        return standardized(0, width);
    }

    /** Scores in standardised units, [count, D] row-major. */
    double[] scores() {
        double[] deviations = model.standardizer().deviations();
        double[] scores = new double[count() * dimension];
        model.score(rows, count(), scores);
        for (int i = 0; i < scores.length; i++) {
            scores[i] *= deviations[i % dimension];
        }
        return scores;
    }

    /** v.J v of each row in standardised units, v [count, D] row-major in the same. */
    void quadraticForms(double[] directions, double[] into) {
        double[] deviations = model.standardizer().deviations();
        double[] original = new double[directions.length];
        for (int i = 0; i < directions.length; i++) {
            original[i] = directions[i] * deviations[i % dimension];
        }
        model.quadraticForm(rows, original, count(), into);
    }

    private double[] standardized(int from, int to) {
        Standardizer standardizer = model.standardizer();
        double[] values = new double[count() * (to - from)];
        int next = 0;
        for (int row = 0; row < count(); row++) {
            for (int column = from; column < to; column++) {
                values[next++] = standardizer.standardize(column, rows[row * width + column]);
            }
        }
        return values;
    }
}
