package io.github.slicedscore.train;

import io.github.slicedscore.backend.StepResult;

/**
 * Told of a training's progress, on the training thread, in order. An exception thrown here ends the training; the last
 * checkpoint stays.
 *
 * <p>Training waits for its listeners after every step, so that {@link Trainer#requestStop} in {@link #stepped} ends it after that
 * very step. Short steps on a device take several times as long for that; a listener that does not need it says so by
 * {@link #mayLag}.
 */
public interface TrainingListener {
    /**
     * Before the first step.
     *
     * @param plan what is about to happen
     */
    default void started(TrainingPlan plan) {}

    /**
     * Whether it is enough to be told of steps when some more are done already, those of about 20 milliseconds at most. It is told
     * of each all the same, in order, and of a validation after the steps before it. If all listeners may lag, the run is asked
     * for several steps at once; what it computes does not depend on that. A request to stop then ends training after the steps
     * that are done by then, and of steps since the last call nothing is heard where the device fails.
     *
     * @return true if {@link #stepped} does nothing, or nothing that must happen before the next step; asked once, before the
     *     first
     */
    default boolean mayLag() {
        return false;
    }

    /**
     * After every step.
     *
     * @param result the step's loss and gradient norm
     */
    default void stepped(StepResult result) {}

    /**
     * After every validation.
     *
     * @param point losses so far
     * @param best whether the validation loss is the lowest yet
     */
    default void validated(TrainingPoint point, boolean best) {}

    /** After the last step and validation, before the best parameters become a model; that of a deep kernel energy takes its time. */
    default void finishing() {}
}
