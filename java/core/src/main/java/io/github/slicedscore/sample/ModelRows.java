package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Optional;

/**
 * The rows that a model's scorer takes, of points in standardised units and conditions: [x, c], and [x, c, log sigma] where the
 * model knows noise levels. Conditions are those of all rows, or several that the rows take in turn.
 */
final class ModelRows {
    private final int dimension;
    private final int width;
    private final int given;
    private final float[] conditions;
    private final Optional<NoiseLevels> levels;

    private ModelRows(ScoreModel model, double[] conditions) {
        dimension = model.columns().size();
        width = model.architecture().inputs();
        given = model.conditions().size();
        levels = model.noiseLevels();
        Standardizer standardizer = model.standardizer();
        this.conditions = new float[conditions.length];
        for (int i = 0; i < conditions.length; i++) {
            this.conditions[i] = (float) standardizer.standardize(dimension + i % given, conditions[i]);
        }
    }

    /**
     * Rows of one condition.
     *
     * @param condition values in original units, none for a model without conditions
     * @throws IllegalArgumentException if they do not match the model's
     */
    static ModelRows of(ScoreModel model, double... condition) {
        int given = model.conditions().size();
        if (condition.length != given) {
            throw new IllegalArgumentException("the model is conditioned on " + model.conditions() + ", so it takes "
                    + given + " given values, not " + condition.length);
        }
        return new ModelRows(model, condition);
    }

    /**
     * Rows that take these conditions in turn: row r that of number r modulo how many there are.
     *
     * @param conditions values in original units, [conditions, C] row-major
     * @throws IllegalArgumentException if the model has no conditions, or these are no whole number of them
     */
    static ModelRows each(ScoreModel model, double[] conditions) {
        StandardUnits.requireEach(model, conditions);
        return new ModelRows(model, conditions);
    }

    int dimension() {
        return dimension;
    }

    /** Rows of points [count, D], at the smallest noise level where there are some. */
    float[] inputs(double[] points, int count) {
        return inputs(points, count, levels.map(NoiseLevels::smallest).orElse(0.0));
    }

    /** Rows of points [count, D] at a noise level; a model without takes no account of it. */
    float[] inputs(double[] points, int count, double sigma) {
        float[] inputs = new float[Math.multiplyExact(count, width)];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < dimension; i++) {
                inputs[row * width + i] = (float) points[row * dimension + i];
            }
            if (given > 0) {
                int from = (int) ((long) row * given % conditions.length);
                System.arraycopy(conditions, from, inputs, row * width + dimension, given);
            }
            if (levels.isPresent()) {
                inputs[row * width + width - 1] = NoiseLevels.condition(sigma);
            }
        }
        return inputs;
    }

    /** Copies the points of the first rows to where they shall stand, [count, D]. */
    void points(float[] inputs, int count, double[] into, int at) {
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < dimension; i++) {
                into[at + row * dimension + i] = inputs[row * width + i];
            }
        }
    }

    static void widen(float[] from, double[] to) {
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i];
        }
    }
}
