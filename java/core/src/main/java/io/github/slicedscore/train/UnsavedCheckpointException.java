package io.github.slicedscore.train;

import java.io.IOException;

/**
 * A training has ended, but its last checkpoint could not be written: the model is there, and a resumed training goes on from the
 * checkpoint before.
 */
public final class UnsavedCheckpointException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient TrainingReport report;

    UnsavedCheckpointException(TrainingReport report, IOException cause) {
        super(cause.getMessage(), cause);
        this.report = report;
    }

    /**
     * How the training ended.
     *
     * @return what {@link Trainer#run} would have returned
     */
    public TrainingReport report() {
        return report;
    }
}
