package io.github.slicedscore.backend;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/**
 * Where the work is done. A backend turns values (what the network is, what to minimise, how to update) into running
 * computations; it owns threads or a device, and closing it ends what it opened.
 *
 * <p>Everything here is in standardised units; {@code ScoreModel} converts.
 */
public interface Backend extends AutoCloseable {
    /**
     * Name as on the command line.
     *
     * @return "cpu" for example
     */
    String name();

    /**
     * What computes, for people: kernel set, threads, device.
     *
     * @return one line
     */
    String description();

    /**
     * The kernel set that a run opened now would compute with.
     *
     * @return a short identifier
     */
    String kernels();

    /**
     * Opens a training run. All memory that the run needs is allocated here.
     *
     * @param spec what to train and how
     * @param rows the training rows; not copied, and not to be changed while the run is open
     * @param start parameters, moments and step to start from
     * @return an open run, owned by the calling thread
     * @throws IllegalArgumentException if the objective refuses the architecture, or sizes do not fit together
     * @throws NotSupportedException if this backend's kernels do not know the objective, the optimizer or the network
     */
    TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start);

    /**
     * Opens an objective for evaluation at given inputs, slices and parameters.
     *
     * @param architecture the network
     * @param objective what to evaluate; activations are not refused here
     * @return a function, owned by the calling thread
     * @throws NotSupportedException if this backend's kernels do not know the objective or the network
     */
    ObjectiveFunction openObjective(Architecture architecture, Objective objective);

    /**
     * Opens a network for inference.
     *
     * @param architecture the network
     * @param parameters its parameters
     * @return a scorer that any number of threads may use at once
     * @throws NotSupportedException if this backend's kernels do not know the network
     */
    Scorer openScorer(Architecture architecture, Parameters parameters);

    /** Ends threads and frees what the backend holds; what was opened from it is closed, too. Idempotent. */
    @Override
    void close();
}
