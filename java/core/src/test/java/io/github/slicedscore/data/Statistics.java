package io.github.slicedscore.data;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Distances between a sample and the distribution that it should come from. */
final class Statistics {
    private Statistics() {}

    /**
     * What Kolmogorov and Smirnov's statistic exceeds with a chance of 1e-5 if sample and distribution agree: 2 exp(-2 n
     * d^2) = 1e-5.
     */
    static double criticalDistance(int count) {
        return Math.sqrt(Math.log(2 / 1e-5) / (2 * count));
    }

    /** The largest distance between the empirical distribution function of a sample and a continuous one. */
    static double distance(double[] sample, DoubleUnaryOperator distribution) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        double largest = 0;
        for (int i = 0; i < sorted.length; i++) {
            double expected = distribution.applyAsDouble(sorted[i]);
            double below = expected - (double) i / sorted.length;
            double above = (i + 1.0) / sorted.length - expected;
            largest = Math.max(largest, Math.max(below, above));
        }
        return largest;
    }

    /** The distribution function that is given at growing points, linear between them. */
    static DoubleUnaryOperator interpolated(double[] points, double[] values) {
        return x -> {
            int found = Arrays.binarySearch(points, x);
            if (found >= 0) {
                return values[found];
            }
            int above = -found - 1;
            if (above == 0) {
                return 0;
            }
            if (above == points.length) {
                return 1;
            }
            double part = (x - points[above - 1]) / (points[above] - points[above - 1]);
            return values[above - 1] + part * (values[above] - values[above - 1]);
        };
    }
}
