package io.github.slicedscore.eval;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.ToyDistribution;
import java.util.List;

/** Points of known distributions, as flat arrays. */
final class Draws {
    private Draws() {}

    static double[] of(ToyDistribution distribution, int rows, long seed) {
        return flat(distribution.sample(seed, rows));
    }

    static double[] flat(Dataset data) {
        int width = data.columns().size();
        double[] points = new double[data.rows() * width];
        for (int row = 0; row < data.rows(); row++) {
            data.copyRow(row, points, row * width);
        }
        return points;
    }

    /** N((shift, ..., shift), variance I). */
    static Gaussian normal(int dimension, double shift, double variance) {
        double[] mean = new double[dimension];
        double[][] covariance = new double[dimension][dimension];
        for (int i = 0; i < dimension; i++) {
            mean[i] = shift;
            covariance[i][i] = variance;
        }
        return new Gaussian(mean, covariance);
    }

    /** A table of points that are in standardised units: column i is mean + deviation times the i-th of each point. */
    static Dataset named(double[] points, List<String> columns, double... meansAndDeviations) {
        double[] values = points.clone();
        for (int i = 0; i < values.length; i++) {
            int column = i % columns.size();
            values[i] = meansAndDeviations[2 * column] + meansAndDeviations[2 * column + 1] * values[i];
        }
        return Dataset.of(columns, values);
    }
}
