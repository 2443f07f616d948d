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
     * @param where what of the run is not finite
     * @param kept where the last good state is, for the message
     * @param advice what to change
     */
    DivergenceException(long step, String found, double learningRate, String where, String kept, String advice) {
        super("training diverged at step %d: %s, learning rate %s; %s. %s %s"
                .formatted(step, found, learningRate, where, kept, advice));
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
