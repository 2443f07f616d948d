package io.github.slicedscore.cuda;

import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** A training run on a device, which also takes batches of the caller's. */
public interface DeviceTrainingRun extends TrainingRun {
    /**
     * Does a step on a batch of the caller's, in the place of the rows that the run would draw; noise, slices and learning
     * rate are the step's.
     *
     * @param stream a cudaStream_t that the batch is made on: the step begins after what it holds so far, and what it gets
     *     later begins after the step; or null for the legacy default stream, and then a batch on the device must be complete,
     *     for work of other streams is not waited for, unless they wait for that stream themselves
     * @param batch standardised rows [x, c], [batch, D + C] row-major floats, on the device or on the host; its position
     *     counts
     * @return the step's result; where it is not finite there was no update
     * @throws IllegalArgumentException if the pointer has a limit that is too short for the batch, or the stream is being
     *     captured into a graph
     */
    StepResult step(@Nullable Pointer stream, Pointer batch);
}
