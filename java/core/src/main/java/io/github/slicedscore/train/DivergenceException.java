package io.github.slicedscore.train;

import io.github.slicedscore.backend.StepResult;

/** Training stopped because a loss or gradient was not finite; parameters and checkpoints are those of the step before. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Updates done before the step that diverged. */
    private final long step;

    /**
     * With what was found.
     *
     * @param result the step's loss and gradient norm
     * @param learningRate the step's rate
     * @param kept where the last good state is, for the message
     */
    DivergenceException(StepResult result, double learningRate, String kept) {
        super("training diverged at step %d: loss %s, gradient norm %s, learning rate %s. %s Try a lower learning rate"
                        .formatted(result.step() + 1, result.loss(), result.gradientNorm(), learningRate, kept)
                + " (--lr " + learningRate / 10
                + "), gradient clipping (--clip 10), more noise (--noise 0.1), or look for"
                + " outliers in the data.");
        this.step = result.step();
    }

    /**
     * Updates done before the step that diverged.
     *
     * @return the last good step
     */
    public long step() {
        return step;
    }
}
