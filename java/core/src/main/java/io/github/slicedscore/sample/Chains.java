package io.github.slicedscore.sample;

import java.util.Arrays;

/**
 * Markov chains side by side: where each stands, with the log-density and the score there. Mutable, for one thread.
 *
 * <p>The arrays are the state itself, not copies. Who changes the points or turns to another density calls {@link #evaluate}
 * before the next transition.
 */
public final class Chains {
    private final int count;
    private final int dimension;
    private final double[] points;
    private final double[] logDensities;
    private final double[] scores;

    /**
     * Chains at their starting points, evaluated.
     *
     * @param density what they walk on
     * @param starts [count, D] row-major; copied
     * @param count how many, at least 1
     * @throws IllegalArgumentException if the array is too short
     */
    public Chains(Density density, double[] starts, int count) {
        this.count = count;
        dimension = density.dimension();
        if (count < 1 || starts.length < (long) count * dimension) {
            throw new IllegalArgumentException(
                    "the starting points of " + count + " chains (at least 1) in " + dimension + " dimensions are "
                            + (long) count * dimension + " numbers, but the array has " + starts.length);
        }
        points = Arrays.copyOf(starts, count * dimension);
        logDensities = new double[count];
        scores = new double[count * dimension];
        evaluate(density);
    }

    /**
     * Computes log-densities and scores anew.
     *
     * @param density of which dimension the chains are
     */
    public void evaluate(Density density) {
        density.evaluate(points, count, logDensities, scores);
    }

    /**
     * Number of chains.
     *
     * @return at least 1
     */
    public int count() {
        return count;
    }

    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Where the chains stand.
     *
     * @return x, [count, D] row-major
     */
    public double[] points() {
        return points;
    }

    /**
     * Log-densities there.
     *
     * @return f(x), [count]
     */
    public double[] logDensities() {
        return logDensities;
    }

    /**
     * Scores there.
     *
     * @return s(x), [count, D] row-major
     */
    public double[] scores() {
        return scores;
    }
}
