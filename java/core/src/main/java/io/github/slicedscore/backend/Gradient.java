package io.github.slicedscore.backend;

/**
 * A gradient summed, not averaged, over rows of a batch, so that parts of a batch add up.
 *
 * @param sum sum over the rows of the gradient of a row's loss, flat in layout order
 * @param lossSum sum of the rows' losses
 * @param rows number of rows
 */
public record Gradient(float[] sum, double lossSum, int rows) {}
