package io.github.slicedscore.eval;

import java.util.Arrays;

/** Checks and moments of the rows that baselines and proposals are fitted to. */
final class BaselineRows {
    private BaselineRows() {}

    /** Mean of each column. */
    static double[] means(double[] points, int dimension) {
        int count = points.length / dimension;
        double[] means = new double[dimension];
        for (int i = 0; i < points.length; i++) {
            means[i % dimension] += points[i];
        }
        for (int column = 0; column < dimension; column++) {
            means[column] /= count;
        }
        return means;
    }

    /**
     * Variance of each column (divided by the number of rows).
     *
     * @throws IllegalArgumentException if there are fewer than D + 2 rows, a column is constant, or a number is not finite
     */
    static double[] variances(double[] points, int dimension) {
        int count = Points.requireFinite("rows to fit", points, dimension);
        if (count < dimension + 2) {
            throw new IllegalArgumentException("a density of " + dimension + " columns is fitted to at least "
                    + (dimension + 2) + " rows, not " + count + "; take more rows");
        }
        double[] means = means(points, dimension);
        double[] variances = new double[dimension];
        for (int column = 0; column < dimension; column++) {
            double mean = means[column];
            for (int row = 0; row < count; row++) {
                double difference = points[row * dimension + column] - mean;
                variances[column] += difference * difference / count;
            }
            // The mean of equal values rounds, so the variance of a constant column need not be zero.
            if (!(variances[column] > 1e-20 * mean * mean)) {
                throw new IllegalArgumentException("column " + column
                        + " (counted from 0) of the rows to fit is constant," + " so it has no density; leave it out");
            }
        }
        return variances;
    }

    /** Standard deviation of each column; refuses what {@link #variances} refuses. */
    static double[] deviations(double[] points, int dimension) {
        return Arrays.stream(variances(points, dimension)).map(Math::sqrt).toArray();
    }

    static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
