package io.github.slicedscore.backend;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A training run: owned by one thread at a time, closed by its owner.
 *
 * <p>The batch of a step follows from (seed, step) alone, see {@code BatchOrder}; so do slices and noise.
 */
public interface TrainingRun extends AutoCloseable {
    /**
     * Updates done so far.
     *
     * @return 0 at the start of a fresh run
     */
    long step();

    /**
     * The kernel set that this run computes with and repeats bit for bit on; stored in checkpoints. That of its backend at
     * the time when it was opened, and which of it the network got, where there is a choice: a backend that goes on to another
     * takes no open run along.
     *
     * @return a short identifier
     */
    String kernels();

    /**
     * Does steps: batch, loss, gradient, update. A step whose loss or gradient is not finite does not update, and ends the
     * call.
     *
     * @param count how many, at least 1
     * @return the last step's result
     */
    StepResult step(int count);

    /**
     * The same, keeping every step's result.
     *
     * @param count how many, at least 1
     * @param results where they go, in place of what it holds: of the updates, and behind them, where one was not finite, of that
     */
    default void step(int count, StepResults results) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one step, not " + count);
        }
        results.clear();
        StepResult result;
        do {
            result = step(1);
            results.add(result.step(), result.loss(), result.gradientNorm());
        } while (results.size() < count && result.isFinite());
    }

    /**
     * The gradient over some rows of the current step's batch, without an update: the seam for one's own optimisers and for
     * data-parallel training.
     *
     * @param from first row of the batch
     * @param to one past the last row, at most the batch size
     * @return unscaled sums
     */
    Gradient gradient(int from, int to);

    /**
     * Does the update of the current step with a gradient from outside, and goes on to the next step.
     *
     * <p>{@code apply(gradient(0, batch))} is {@code step(1)} to rounding.
     *
     * @param gradient sums over any number of rows
     * @return the step's result; where it is not finite there was no update
     */
    StepResult apply(Gradient gradient);

    /**
     * The parameters as they are now, or their moving average where the spec has one.
     *
     * @return a copy
     */
    Parameters parameters();

    /**
     * Parameters that are no run's, such as an average without its beginning, as {@link #parameters} would give them: what of them
     * follows from the others and from training rows is brought up to date. That is the coefficients of a deep kernel energy.
     *
     * @param parameters of this run's network
     * @return the same, or others
     */
    default Parameters settled(Parameters parameters) {
        return parameters;
    }

    /**
     * Parameters for a model, once its training is over. Those of a deep kernel energy get a regulariser that is tuned on held-out
     * rows, and coefficients from all training rows.
     *
     * @param parameters of this run's network: the best that the training found
     * @param validation the held-out rows, or null where there are none
     * @return the same, or others
     */
    default Parameters finished(Parameters parameters, @Nullable TrainingRows validation) {
        return parameters;
    }

    /**
     * All that a checkpoint needs.
     *
     * @return a copy
     */
    TrainingState state();

    /** Frees what the run holds. Idempotent. */
    @Override
    void close();
}
