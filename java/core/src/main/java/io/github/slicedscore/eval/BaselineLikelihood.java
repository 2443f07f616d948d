package io.github.slicedscore.eval;

/**
 * Mean log-likelihood of the rows of a table under a baseline, in nats a row and in the units of the data: what a model of this
 * price should beat.
 *
 * @param baseline the baseline's name: "gaussian", "mixture" or "kernel-density"
 * @param description what was fitted, for people
 * @param mean the mean log-likelihood
 * @param standardError standard error of that mean over the rows; NaN for a single row
 * @param rows number of rows
 */
public record BaselineLikelihood(String baseline, String description, double mean, double standardError, int rows) {}
