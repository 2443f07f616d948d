package io.github.slicedscore.eval;

import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * The rows of two samples, one after the other.
 *
 * @param points [first + second, dimension] row-major
 * @param first number of rows of the first sample
 * @param dimension length of a row
 */
record Pooled(double[] points, int first, int dimension) {
    /**
     * Pools two samples.
     *
     * @param most of more rows of a sample, so many are chosen at random
     * @throws IllegalArgumentException if one has fewer rows than the fewest, or a number is not finite
     */
    static Pooled of(double[] first, double[] second, int dimension, int fewest, int most, long seed) {
        double[] x = chosen("the first sample", first, dimension, fewest, most, seed, Tests.CHOICE);
        double[] y = chosen("the second sample", second, dimension, fewest, most, seed, Tests.OTHER_CHOICE);
        double[] points = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, points, x.length, y.length);
        return new Pooled(points, x.length / dimension, dimension);
    }

    private static double[] chosen(
            String what, double[] points, int dimension, int fewest, int most, long seed, long use) {
        int count = Points.requireFinite(what, points, dimension);
        if (count < fewest) {
            throw new IllegalArgumentException(what + " needs at least " + fewest + " rows, not " + count);
        }
        return Points.select(points, dimension, Points.shuffled(count, most, seed, RandomStream.RESAMPLING, use));
    }

    int count() {
        return points.length / dimension;
    }

    /** MMD^2 from the sums of a kernel over the pairs within each sample and across them. */
    double mean(double withinFirst, double withinSecond, double across) {
        double n = first;
        double m = count() - first;
        return 2 * withinFirst / (n * (n - 1)) + 2 * withinSecond / (m * (m - 1)) - 2 * across / (n * m);
    }
}
