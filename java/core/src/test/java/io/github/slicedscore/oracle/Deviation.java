package io.github.slicedscore.oracle;

/** How far numbers are from what they should be. Each measure is 0 for equal arrays and not below any tolerance for NaN. */
public final class Deviation {
    private Deviation() {}

    /**
     * Largest absolute error over the largest absolute expected value, so that numbers that cancel to nearly zero are
     * judged by the size of their neighbours.
     *
     * @param actual what came out
     * @param expected what should
     * @return the error; infinite or NaN if anything but zero came out where all should be zero
     */
    public static double ofScale(double[] actual, double[] expected) {
        requireSameLength(actual, expected);
        double error = 0;
        double scale = 0;
        for (int i = 0; i < expected.length; i++) {
            error = Math.max(error, Math.abs(actual[i] - expected[i]));
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return error == 0 ? 0 : error / scale;
    }

    /**
     * |actual - expected| / |expected| in the Euclidean norm.
     *
     * @param actual what came out
     * @param expected what should
     * @return the error; infinite or NaN if anything but zero came out where all should be zero
     */
    public static double relativeNorm(double[] actual, double[] expected) {
        requireSameLength(actual, expected);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return error == 0 ? 0 : Math.sqrt(error / norm);
    }

    private static void requireSameLength(double[] actual, double[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(actual.length + " numbers, not " + expected.length);
        }
    }
}
