package io.github.slicedscore.train;

import io.github.slicedscore.ScoreModel;
import java.util.List;

/**
 * How a training ended.
 *
 * @param model the best model: lowest validation loss, or the last where nothing was held out
 * @param history a point per validation
 * @param steps updates done
 * @param bestStep the model's step
 * @param end why training ended
 */
public record TrainingReport(ScoreModel model, List<TrainingPoint> history, long steps, long bestStep, End end) {
    /** Why a training ended. */
    public enum End {
        /** All steps were done. */
        COMPLETED,
        /** The validation loss had not improved for as long as the patience allows. */
        PATIENCE,
        /** {@link Trainer#requestStop} was called, or the training thread interrupted. */
        STOPPED
    }

    /** Copies the history. */
    public TrainingReport {
        history = List.copyOf(history);
    }
}
