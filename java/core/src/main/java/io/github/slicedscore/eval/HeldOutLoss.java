package io.github.slicedscore.eval;

/**
 * Mean of a score-matching loss over the rows of a table, in standardised units, as in training but without its noise.
 *
 * @param objective the objective's name, such as "exact"
 * @param mean the mean over the rows
 * @param standardError standard error of that mean over the rows, slices included; NaN for a single row
 * @param rows number of rows
 */
public record HeldOutLoss(String objective, double mean, double standardError, int rows) {}
