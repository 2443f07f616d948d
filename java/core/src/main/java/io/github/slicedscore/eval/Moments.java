package io.github.slicedscore.eval;

import java.util.Arrays;

/** Mean and standard deviation of numbers (divided by their count). */
record Moments(double mean, double deviation) {
    static Moments of(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new Moments(mean, Math.sqrt(squares / values.length));
    }

    /** Writes the numbers in units of these into a column of rows; a constant one stays as it is, less its mean. */
    void standardize(double[] values, double[] into, int column, int width) {
        for (int row = 0; row < values.length; row++) {
            into[row * width + column] = (values[row] - mean) / (deviation > 0 ? deviation : 1);
        }
    }
}
