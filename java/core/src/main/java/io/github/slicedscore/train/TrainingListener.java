package io.github.slicedscore.train;

import io.github.slicedscore.backend.StepResult;

/**
 * Told of a training's progress, on the training thread, in order. An exception thrown here ends the training; the last
 * checkpoint stays.
 */
public interface TrainingListener {
    /**
     * Before the first step.
     *
     * @param plan what is about to happen
     */
    default void started(TrainingPlan plan) {}

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
}
