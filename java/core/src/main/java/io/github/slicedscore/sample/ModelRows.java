package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;

/** The rows [x, c] that a model's scorer takes, of points in standardised units and conditions that all of them share. */
final class ModelRows {
    private final int dimension;
    private final float[] conditions;

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
        Standardizer standardizer = model.standardizer();
        this.conditions = new float[given];
        for (int c = 0; c < given; c++) {
            this.conditions[c] = (float) standardizer.standardize(dimension + c, conditions[c]);
        }
    }

    int dimension() {
        return dimension;
    }

    /** D + C. */
    int width() {
        return dimension + conditions.length;
    }

    /** [count, D + C] of points [count, D]. */
    float[] inputs(double[] points, int count) {
        int width = width();
        float[] inputs = new float[Math.multiplyExact(count, width)];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < dimension; i++) {
                inputs[row * width + i] = (float) points[row * dimension + i];
            }
            System.arraycopy(conditions, 0, inputs, row * width + dimension, conditions.length);
        }
        return inputs;
    }

    /** Copies the points of the first rows [count, D + C] to where they shall stand, [count, D]. */
    void points(float[] inputs, int count, double[] into, int at) {
        int width = width();
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
