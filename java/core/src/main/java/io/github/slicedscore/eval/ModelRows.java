package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.NoiseLevels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows [x, c] of a table in the order of a model's columns and conditions, in original units, and what the model makes of them
 * in standardised ones.
 */
final class ModelRows {
    private final ScoreModel model;
    private final double[] rows;

    /** Where in the table each row stands. */
    private final int[] places;

    private final int width;
    private final int dimension;

    private ModelRows(ScoreModel model, double[] rows, int[] places) {
        this.model = model;
        this.rows = rows;
        this.places = places;
        dimension = model.columns().size();
        width = dimension + model.conditions().size();
    }

    /**
     * The rows of a table.
     *
     * @throws FarRowException if a row is too far off for single precision
     * @throws IllegalArgumentException naming a column that is missing, or if there is no row
     */
    static ModelRows of(ScoreModel model, Dataset table) {
        return copy(model, table, IntStream.range(0, table.rows()).toArray());
    }

    /**
     * Rows of a table chosen at random, at most so many, in random order: {@link #of} and {@link #shuffled}, without a copy of the
     * whole table.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    static ModelRows shuffled(ScoreModel model, Dataset table, int most, long seed) {
        requireRows(table);
        return copy(model, table, chosen(table.rows(), most, seed));
    }

    private static ModelRows copy(ScoreModel model, Dataset table, int[] places) {
        requireRows(table);
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        Dataset selected = table.select(names);
        double[] values = new double[Math.multiplyExact(places.length, names.size())];
        for (int row = 0; row < places.length; row++) {
            selected.copyRow(places[row], values, row * names.size());
        }
        ModelRows rows = new ModelRows(model, values, places);
        rows.requireNear(table, names);
        return rows;
    }

    /** The model itself would refuse them, too, but knows their place in the table no more. */
    private void requireNear(Dataset table, List<String> names) {
        Standardizer standardizer = model.standardizer();
        IntStream.range(0, rows.length)
                .filter(i -> !Float.isFinite((float) standardizer.standardize(i % width, rows[i])))
                .boxed()
                .min(Comparator.comparingInt(i -> places[i / width]))
                .ifPresent(i -> {
                    throw new FarRowException(table, places[i / width], names.get(i % width), rows[i]);
                });
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
        int[] chosen = chosen(count(), most, seed);
        return new ModelRows(
                model,
                Points.select(rows, width, chosen),
                Arrays.stream(chosen).map(row -> places[row]).toArray());
    }

    /** The first rows, at most so many. */
    ModelRows first(int most) {
        return range(0, Math.min(most, count()));
    }

    /** Rows from .. to - 1. */
    ModelRows range(int from, int to) {
        return new ModelRows(
                model, Arrays.copyOfRange(rows, from * width, to * width), Arrays.copyOfRange(places, from, to));
    }

    int count() {
        return rows.length / width;
    }

    /** Where in the table a row stands, from 0. */
    int place(int row) {
        return places[row];
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

    /** tr J of each row in standardised units. */
    double[] traces() {
        int inputs = model.architecture().inputs();
        float[] all = new float[Math.multiplyExact(count(), inputs)];
        double[] joint = joint();
        for (int row = 0; row < count(); row++) {
            for (int i = 0; i < width; i++) {
                all[row * inputs + i] = (float) joint[row * width + i];
            }
            if (inputs > width) {
                double smallest = model.noiseLevels().orElseThrow().smallest();
                all[row * inputs + width] = NoiseLevels.condition(smallest);
            }
        }
        double[] traces = new double[count()];
        model.scorer().traces(all, count(), traces);
        return traces;
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
