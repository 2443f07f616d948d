package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.math.RandomStream;
import java.util.ArrayList;
import java.util.List;

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
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        if (table.rows() == 0) {
            throw new IllegalArgumentException("the table has no rows to evaluate the model on");
        }
        Dataset selected = table.select(names);
        double[] rows = new double[Math.multiplyExact(selected.rows(), names.size())];
        for (int row = 0; row < selected.rows(); row++) {
            selected.copyRow(row, rows, row * names.size());
        }
        return new ModelRows(model, rows);
    }

    /** All rows, or so many, chosen at random. */
    ModelRows atMost(int most, long seed) {
        return count() <= most
                ? this
                : new ModelRows(
                        model,
                        Points.select(
                                rows,
                                width,
                                Points.shuffled(count(), most, seed, RandomStream.RESAMPLING, Tests.CHOICE)));
    }

    int count() {
        return rows.length / width;
    }

    /** [x, c] in original units, [count, D + C] row-major; not to be changed. */
    double[] original() {
        return rows;
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
