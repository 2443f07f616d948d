package io.github.slicedscore.eval;

import java.util.Arrays;

/**
 * Mean log-likelihood of rows under a baseline, in nats a row: what a model should beat.
 *
 * @param baseline the baseline's name: "gaussian", "mixture" or "kernel-density"
 * @param description what was fitted, for people
 * @param mean the mean log-likelihood
 * @param standardError standard error of that mean over the rows; NaN for a single row
 * @param rows number of rows
 */
public record BaselineLikelihood(String baseline, String description, double mean, double standardError, int rows) {
    /** Fits a baseline to rows. */
    @FunctionalInterface
    interface Fit {
        Baseline to(double[] points);
    }

    /**
     * The likelihood of rows under a baseline that was fitted to others.
     *
     * @param baseline the baseline
     * @param points [N, D] row-major, in the units that it was fitted in
     * @return the likelihood in those units
     * @throws IllegalArgumentException if there are no rows, or a number is not finite
     */
    public static BaselineLikelihood of(Baseline baseline, double[] points) {
        return of(baseline.id(), baseline.description(), baseline.logDensities(points), 0);
    }

    /**
     * The likelihood of rows under two baselines, each fitted to one half of them and asked about the other, so that none has
     * seen the rows it is asked about.
     *
     * @param points in random order
     * @param logScale what to subtract for the units of the data
     */
    static BaselineLikelihood crossFitted(Fit fit, double[] points, int dimension, double logScale) {
        int half = points.length / dimension / 2 * dimension;
        double[] first = Arrays.copyOf(points, half);
        double[] second = Arrays.copyOfRange(points, half, points.length);
        Baseline ofFirst = fit.to(first);
        Baseline ofSecond = fit.to(second);
        double[] logDensities = Arrays.copyOf(ofSecond.logDensities(first), points.length / dimension);
        double[] rest = ofFirst.logDensities(second);
        System.arraycopy(rest, 0, logDensities, logDensities.length - rest.length, rest.length);
        return of(ofFirst.id(), ofFirst.description() + "; each half of the rows by the other", logDensities, logScale);
    }

    static BaselineLikelihood of(String id, String description, double[] logDensities, double logScale) {
        if (logDensities.length == 0) {
            throw new IllegalArgumentException("there are no rows to take a mean over");
        }
        SampleMean mean = SampleMean.of(logDensities);
        return new BaselineLikelihood(
                id, description, mean.mean() - logScale, mean.standardError(), logDensities.length);
    }
}
