package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;

/**
 * A way to draw samples from a model, as a value.
 *
 * <table>
 * <caption>Which to take</caption>
 * <tr><th>sampler</th><th>takes</th><th>samples are</th></tr>
 * <tr><td>{@link Langevin}</td><td>any model</td><td>biased by the step; one chain each</td></tr>
 * <tr><td>{@link Mala}, {@link Hamiltonian}</td><td>energies</td><td>unbiased; draws of a few chains</td></tr>
 * <tr><td>{@link AnnealedLangevin}, {@link ReverseSde}</td><td>models with noise levels</td><td>biased by the steps;
 *     independent</td></tr>
 * <tr><td>{@link ProbabilityFlow}</td><td>models with noise levels</td><td>as good as the scores; independent, and with
 *     log-likelihoods</td></tr>
 * <tr><td>{@link InverseFlow}</td><td>flows</td><td>exact; independent</td></tr>
 * </table>
 */
public sealed interface Sampler permits Langevin, Mala, Hamiltonian, NoisedSampler, InverseFlow {
    /**
     * Draws samples.
     *
     * @param model what to sample from
     * @param count number of samples, at least 1
     * @param seed key of all random numbers; the same seed gives the same samples
     * @param conditions values of the model's condition columns in original units, in the order of its conditions; empty for
     *     a model without
     * @return count rows of the modelled columns, original names and units, and what the chains say about them
     * @throws IllegalArgumentException if the conditions do not match the model's, or the sampler can't take such a model
     * @throws SamplingException if the samples are of no use
     */
    Samples draw(ScoreModel model, int count, long seed, double... conditions);

    /**
     * Draws one sample for each of many conditions.
     *
     * <p>{@link Mala} and {@link Hamiltonian} run all their chains anew for each different condition, because its step is another;
     * they take at most 20 of them. The others do all at once.
     *
     * @param model what to sample from, with conditions
     * @param conditions in original units, [count, C] row-major, columns in the order of the model's conditions
     * @param seed key of all random numbers; the same seed gives the same samples
     * @return count rows of the modelled columns, original names and units, in the order of the conditions, and what the chains
     *     say about them
     * @throws IllegalArgumentException if the model has no conditions, these are no whole number of them, or the sampler can't
     *     take such a model or so many conditions
     * @throws SamplingException if the samples are of no use
     */
    Samples drawEach(ScoreModel model, double[] conditions, long seed);

    /**
     * The rows of {@link #draw}.
     *
     * @param model what to sample from
     * @param count number of samples, at least 1
     * @param seed key of all random numbers; the same seed gives the same samples
     * @param conditions values of the model's condition columns in original units, in the order of its conditions; empty for
     *     a model without
     * @return count rows of the modelled columns, original names and units
     * @throws IllegalArgumentException if the conditions do not match the model's, or the sampler can't take such a model
     * @throws SamplingException if the samples are of no use
     */
    default Dataset sample(ScoreModel model, int count, long seed, double... conditions) {
        return draw(model, count, seed, conditions).rows();
    }
}
