package io.github.slicedscore.cli;

import java.util.Arrays;

/**
 * Log-densities that a model gives to rows, up to its constant.
 *
 * @param heldOut those of the rows that training held out, ascending; empty where none were
 * @param test those of the test rows, ascending
 * @param samples those of samples of the model, ascending; empty where none were drawn
 */
record LogDensities(double[] heldOut, double[] test, double[] samples) {
    /** Copies and sorts. */
    LogDensities {
        heldOut = sorted(heldOut);
        test = sorted(test);
        samples = sorted(samples);
    }

    private static double[] sorted(double[] values) {
        double[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
