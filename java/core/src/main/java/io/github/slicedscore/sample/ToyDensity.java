package io.github.slicedscore.sample;

import io.github.slicedscore.data.ToyDistribution;
import org.jspecify.annotations.Nullable;

/** A toy distribution's density, row by row. */
record ToyDensity(ToyDistribution distribution) implements Density {
    @Override
    public int dimension() {
        return distribution.dimension();
    }

    @Override
    public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
        int dimension = dimension();
        double[] point = new double[dimension];
        double[] score = new double[dimension];
        for (int row = 0; row < count; row++) {
            System.arraycopy(points, row * dimension, point, 0, dimension);
            if (logDensities != null) {
                logDensities[row] = distribution.logDensity(point);
            }
            if (scores != null) {
                distribution.score(point, score);
                System.arraycopy(score, 0, scores, row * dimension, dimension);
            }
        }
    }
}
