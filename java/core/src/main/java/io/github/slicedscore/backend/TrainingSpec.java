package io.github.slicedscore.backend;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Optimizer;
import io.github.slicedscore.optim.Schedule;

/**
 * All that decides the numbers of a run, besides data and start.
 *
 * @param architecture the network
 * @param objective what to minimise
 * @param optimizer how to update
 * @param schedule the learning rate of every step
 * @param clipNorm largest global norm of the mean gradient; a longer one is scaled down to it; 0 for no clipping
 * @param averageDecay d of the moving average of the parameters, average = d average + (1 - d) parameters after every step;
 *     0 for none
 * @param batch rows a step
 * @param seed key of all random numbers
 */
public record TrainingSpec(
        Architecture architecture,
        Objective objective,
        Optimizer optimizer,
        Schedule schedule,
        double clipNorm,
        double averageDecay,
        int batch,
        long seed) {
    /** Checks the ranges. */
    public TrainingSpec {
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("the clipping norm is positive, or 0 for none, not " + clipNorm);
        }
        if (!(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("the decay of the moving average is in [0, 1), not " + averageDecay);
        }
        if (batch < 1) {
            throw new IllegalArgumentException("a batch has at least one row, not " + batch);
        }
    }

    /**
     * Checks, for backends, that rows and state fit the network and that the objective allows it.
     *
     * @param rows the training rows
     * @param start where to start
     * @throws IllegalArgumentException that says what does not fit
     */
    public void requireFits(TrainingRows rows, TrainingState start) {
        objective.requireSupports(architecture);
        int conditions = architecture.givenColumns();
        if (rows.dimension() != architecture.dimension() || rows.conditions() != conditions) {
            throw new IllegalArgumentException("rows of %d + %d columns do not fit a network of %d + %d"
                    .formatted(rows.dimension(), rows.conditions(), architecture.dimension(), conditions));
        }
        int size = ParameterLayout.of(architecture).size();
        if (start.parameters().length != size) {
            throw new IllegalArgumentException(
                    "a state of " + start.parameters().length + " parameters does not fit a network of " + size);
        }
    }
}
