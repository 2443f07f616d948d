package io.github.slicedscore.train;

/** Training stopped because a loss, validation loss or gradient was not finite; the last checkpoint stays. */
public final class DivergenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Updates done before the step that diverged. */
    private final long step;

    /**
     * With what was found.
     *
     * @param step the step that diverged, 1 for the first
     * @param found what was not finite, for the message
     * @param learningRate the step's rate
     * @param kept where the last good state is, for the message
     */
    DivergenceException(long step, String found, double learningRate, String kept) {
        super("training diverged at step %d: %s, learning rate %s. %s Try a lower learning rate"
                        .formatted(step, found, learningRate, kept)
                + " (--lr " + learningRate / 10
                + "), gradient clipping (--clip 10), more noise (--noise 0.1), or look for"
                + " outliers in the data.");
        this.step = step - 1;
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
