package io.github.slicedscore.cli;

import io.github.slicedscore.eval.KolmogorovSmirnovTest;
import io.github.slicedscore.eval.TestResult;

/**
 * Whether test rows have the percentiles among reference rows that they should have: if both come from one distribution, then p
 * percent of the test rows are at most at percentile p.
 *
 * @param references number of reference rows
 * @param rows number of test rows
 * @param shares [101]: the part of the test rows at most at percentile 0, 1, ... 100
 * @param test {@link KolmogorovSmirnovTest} of the two
 */
record Calibration(int references, int rows, double[] shares, TestResult test) {
    /** The distance that chance exceeds in one of twenty cases, times the root of the effective number of rows (Smirnov 1948). */
    private static final double CRITICAL = 1.358;

    /**
     * Compares rows by their log-densities.
     *
     * @param references of the reference rows, ascending, at least one
     * @param rows of the test rows, ascending, at least one
     */
    static Calibration of(double[] references, double[] rows) {
        double[] shares = new double[101];
        int below = 0;
        int row = 0;
        for (int percent = 0; percent <= 100; percent++) {
            while (row < rows.length) {
                // How many reference rows are less probable than this row: its percentile.
                while (below < references.length && references[below] < rows[row]) {
                    below++;
                }
                if (100L * below > (long) percent * references.length) {
                    break;
                }
                row++;
            }
            shares[percent] = (double) row / rows.length;
        }
        return new Calibration(references.length, rows.length, shares, KolmogorovSmirnovTest.test(references, rows));
    }

    /** How far a share may be from its percentile by chance: in one of twenty cases some share is farther. */
    double chance() {
        return CRITICAL * Math.sqrt(1.0 / references + 1.0 / rows);
    }
}
