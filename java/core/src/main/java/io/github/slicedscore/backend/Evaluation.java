package io.github.slicedscore.backend;

/**
 * An objective's value at some rows.
 *
 * @param perSample loss of each row, averaged over its slices
 * @param mean mean over the rows
 * @param gradient gradient of the mean, flat in layout order
 */
public record Evaluation(double[] perSample, double mean, float[] gradient) {}
