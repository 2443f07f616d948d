package io.github.slicedscore.eval;

import java.util.Arrays;

/**
 * Quadratic forms of a symmetric kernel over the pairs of n points, for many weightings at once, with memory for one row of the
 * kernel's matrix:
 *
 * <pre>sum over i, j &lt; i of   k_ij w_ib w_jb,      b = 0 .. B-1</pre>
 *
 * <p>A bootstrap's or a permutation's draws are such weightings. Time O(n^2 B).
 */
final class PairSums {
    private PairSums() {}

    /** A kernel over points that are known by their index. */
    @FunctionalInterface
    interface Kernel {
        /** Writes k(i, j) for all j below i into row[j]. Called once for each i, in ascending order. */
        void row(int i, double[] row);
    }

    /**
     * The sums.
     *
     * @param kernel the kernel
     * @param points n
     * @param weights w, [n, B] row-major
     * @return [B]
     */
    static double[] of(Kernel kernel, int points, double[] weights) {
        int draws = weights.length / points;
        double[] sums = new double[draws];
        double[] row = new double[points];
        double[] inner = new double[draws];
        for (int i = 1; i < points; i++) {
            kernel.row(i, row);
            Arrays.fill(inner, 0);
            for (int j = 0; j < i; j++) {
                addScaled(row[j], weights, j * draws, inner);
            }
            for (int b = 0; b < draws; b++) {
                sums[b] += weights[i * draws + b] * inner[b];
            }
        }
        return sums;
    }

    private static void addScaled(double factor, double[] weights, int from, double[] into) {
        for (int b = 0; b < into.length; b++) {
            into[b] += factor * weights[from + b];
        }
    }
}
