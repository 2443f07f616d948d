package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;

/** A way to draw samples from a model, as a value. */
public sealed interface Sampler permits Langevin {
    /**
     * Draws samples, one chain each.
     *
     * @param model what to sample from
     * @param count number of samples, at least 1
     * @param seed key of all random numbers; the same seed gives the same samples
     * @param conditions values of the model's condition columns in original units, in the order of its conditions; empty for
     *     a model without
     * @return count rows of the modelled columns, original names and units
     * @throws IllegalArgumentException if the conditions do not match the model's
     * @throws SamplingException if a chain left the region where numbers are finite
     */
    Dataset sample(ScoreModel model, int count, long seed, double... conditions);
}
