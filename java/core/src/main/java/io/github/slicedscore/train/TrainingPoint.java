package io.github.slicedscore.train;

/**
 * Where a training stood at a validation.
 *
 * @param step updates done
 * @param loss training loss, mean over the steps since the point before
 * @param validationLoss loss of the held-out rows on fixed slices and noise; NaN where none are held out
 * @param gradientNorm norm of the gradient, mean over the steps since the point before
 * @param learningRate rate of the last step
 */
public record TrainingPoint(long step, double loss, double validationLoss, double gradientNorm, double learningRate) {}
