package io.github.slicedscore.eval;

import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/** What tests and baselines need of points in one array, [count, dimension] row-major. */
final class Points {
    /** Points whose pairs a median distance is taken over. */
    private static final int MEDIAN_POINTS = 1000;

    private Points() {}

    /**
     * Checks an array of points.
     *
     * @param what the points' name, for the message
     * @return how many there are
     * @throws IllegalArgumentException if they are no rows of that length, or a number is not finite
     */
    static int requireFinite(String what, double[] points, int dimension) {
        if (dimension < 1 || points.length % dimension != 0) {
            throw new IllegalArgumentException(
                    what + " are rows of " + dimension + " numbers, but there are " + points.length + " numbers");
        }
        for (int i = 0; i < points.length; i++) {
            if (!Double.isFinite(points[i])) {
                throw new IllegalArgumentException(what + ": row " + i / dimension + ", column " + i % dimension
                        + " (counted from 0) is " + points[i] + ", not a finite number; leave such rows out");
            }
        }
        return points.length / dimension;
    }

    static double squaredDistance(double[] points, int i, int j, int dimension) {
        return squaredDistance(points, i, points, j, dimension);
    }

    static double squaredDistance(double[] first, int i, double[] second, int j, int dimension) {
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
            double difference = first[i * dimension + d] - second[j * dimension + d];
            sum += difference * difference;
        }
        return sum;
    }

    /**
     * The median distance between two of the points; of more than {@value #MEDIAN_POINTS}, evenly spaced ones are taken.
     *
     * @throws IllegalArgumentException if it is zero
     */
    static double medianDistance(double[] points, int count, int dimension) {
        int taken = Math.min(count, MEDIAN_POINTS);
        double[] squares = new double[taken * (taken - 1) / 2];
        int pair = 0;
        for (int a = 1; a < taken; a++) {
            for (int b = 0; b < a; b++) {
                squares[pair++] = squaredDistance(points, spaced(a, count, taken), spaced(b, count, taken), dimension);
            }
        }
        Arrays.sort(squares);
        double median = Math.sqrt(squares[squares.length / 2]);
        if (median == 0) {
            throw new IllegalArgumentException(
                    "at least half of the pairs of rows are equal, so the median distance gives no"
                            + " bandwidth; give one, or rows that differ");
        }
        return median;
    }

    private static int spaced(int index, int count, int taken) {
        return (int) ((long) index * count / taken);
    }

    /**
     * Row numbers in a random order of (seed, use), at most so many.
     *
     * @param use which of the random orders; another number for every use
     */
    static int[] shuffled(int count, int most, long seed, RandomStream stream, long use) {
        Permutation permutation = new Permutation(count);
        permutation.key(seed, epoch(stream, use));
        int[] rows = new int[Math.min(count, most)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (int) permutation.apply(i);
        }
        return rows;
    }

    /** The rows named, as points of their own. */
    static double[] select(double[] points, int dimension, int[] rows) {
        double[] selected = new double[rows.length * dimension];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(points, rows[i] * dimension, selected, i * dimension, dimension);
        }
        return selected;
    }

    /** Where a {@link Permutation} takes its key: far from the epochs of training runs. */
    static long epoch(RandomStream stream, long use) {
        return (long) stream.tag() << 56 | use;
    }
}
