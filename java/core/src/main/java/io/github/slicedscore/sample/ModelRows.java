package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Optional;

/**
 * The rows that a model's scorer takes, of points in standardised units and conditions that all of them share: [x, c], and
 * [x, c, log sigma] where the model knows noise levels.
 */
final class ModelRows {
    private final int dimension;
    private final int width;
    private final float[] conditions;
    private final Optional<NoiseLevels> levels;

    /**
     * Standardises the conditions.
     *
     * @throws IllegalArgumentException if they do not match the model's
     */
    ModelRows(ScoreModel model, double[] conditions) {
        int given = model.conditions().size();
        if (conditions.length != given) {
            throw new IllegalArgumentException("the model is conditioned on " + model.conditions() + ", so it takes "
                    + given + " given values, not " + conditions.length);
        }
        dimension = model.columns().size();
        width = model.architecture().inputs();
        levels = model.noiseLevels();
        Standardizer standardizer = model.standardizer();
        this.conditions = new float[given];
        for (int c = 0; c < given; c++) {
            this.conditions[c] = (float) standardizer.standardize(dimension + c, conditions[c]);
        }
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
            System.arraycopy(conditions, 0, inputs, row * width + dimension, conditions.length);
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
