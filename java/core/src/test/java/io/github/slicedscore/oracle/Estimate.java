package io.github.slicedscore.oracle;

import java.util.Arrays;

/**
 * What independent numbers say about their expectation or variance.
 *
 * @param value the estimate
 * @param error its standard error
 */
public record Estimate(double value, double error) {
    /** The mean. */
    public static Estimate mean(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return new Estimate(mean, Math.sqrt(square / (values.length - 1.0) / values.length));
    }

    /** The variance; its error follows from the fourth moment. */
    public static Estimate variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double[] squares =
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).toArray();
        return mean(squares);
    }

    /** How many standard errors lie between this and another independent estimate. */
    public double distance(Estimate other) {
        return Math.abs(value - other.value) / Math.hypot(error, other.error);
    }

    /** How many standard errors lie between this and a known number. */
    public double distance(double known) {
        return Math.abs(value - known) / error;
    }
}
