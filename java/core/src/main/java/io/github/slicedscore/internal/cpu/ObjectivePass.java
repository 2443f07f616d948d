package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;

/**
 * An objective over a batch: which streams it needs, the loss of each sample from them, and the seeds of the reverse pass,
 * which are the derivatives of that loss in the network's output streams.
 *
 * <p>The caller fills {@link #input} and {@link #direction}, then runs, for every round in order, {@link #forward} and
 * {@link #reverse} on ranges of samples, in any order and on any thread, and {@link #weightGradient}. Losses and gradients are
 * sums over the rounds.
 */
abstract class ObjectivePass {
    final Network network;
    final NetworkBuffers jets;
    final int dimension;

    /** How many jets of the buffers belong to a sample. */
    private final int jetsPerSample;

    ObjectivePass(Network network, JetShape shape, int samples, int jetsPerSample) {
        this.network = network;
        this.dimension = network.dimension;
        this.jetsPerSample = jetsPerSample;
        this.jets = network.buffers(shape, Math.multiplyExact(samples, jetsPerSample), Reverse.PARAMETERS);
    }

    /**
     * The pass of an objective on a network.
     *
     * @param network what is evaluated
     * @param objective what to evaluate
     * @param samples most rows in a batch
     */
    static ObjectivePass of(Network network, Objective objective, int samples) {
        if (objective instanceof SlicedScoreMatching ssm) {
            int slices = ssm.slices().count();
            return network.isEnergy()
                    ? new EnergySliced(network, slices, samples)
                    : new ScoreSliced(network, slices, false, Noise.NONE, samples);
        }
        if (objective instanceof VarianceReducedScoreMatching ssm) {
            return varianceReduced(network, ssm.slices().count(), Noise.NONE, samples);
        }
        if (objective instanceof MultiLevelVarianceReducedScoreMatching ssm) {
            return varianceReduced(network, ssm.slices().count(), Noise.leveled(network, samples), samples);
        }
        if (objective instanceof ExactScoreMatching) {
            return network.isEnergy() ? new EnergyExact(network, samples) : new ScoreExact(network, samples);
        }
        if (objective instanceof FiniteDifferenceScoreMatching fd) {
            return network.isEnergy()
                    ? new EnergyDifferences(network, fd.slices().count(), fd.epsilon(), samples)
                    : new ScoreDifferences(network, fd.slices().count(), fd.epsilon(), samples);
        }
        if (objective instanceof DenoisingScoreMatching dsm) {
            return ofScore(network, new Denoising(Noise.of(dsm.sigma(), network, samples)), samples);
        }
        if (objective instanceof MultiLevelDenoisingScoreMatching) {
            return ofScore(network, new Denoising(Noise.leveled(network, samples)), samples);
        }
        if (objective instanceof ExplicitFisherDivergence fisher) {
            return ofScore(network, new KnownTarget(fisher.truth(), network.dimension, 0, samples), samples);
        }
        if (objective instanceof SlicedFisherDivergence fisher) {
            int slices = fisher.slices().count();
            return ofScore(network, new KnownTarget(fisher.truth(), network.dimension, slices, samples), samples);
        }
        if (objective instanceof MaximumLikelihood) {
            return new EnergyLikelihood(network, samples);
        }
        if (objective instanceof CustomObjective custom) {
            int slices = custom.slices().count();
            return network.isEnergy()
                    ? new EnergyCustom(network, custom.loss(), slices, samples)
                    : new ScoreCustom(network, custom.loss(), slices, samples);
        }
        throw new NotSupportedException("the processor's kernels do not know the objective " + objective);
    }

    private static ObjectivePass varianceReduced(Network network, int slices, Noise noise, int samples) {
        if (network.takesSecondInput() && noise == Noise.NONE) {
            return new EnergyBent(network, slices, samples);
        }
        return network.isEnergy()
                ? new EnergyVarianceReduced(network, slices, noise, samples)
                : new ScoreSliced(network, slices, true, noise, samples);
    }

    private static ObjectivePass ofScore(Network network, PointLoss loss, int samples) {
        return network.isEnergy() ? new EnergyPoint(network, loss, samples) : new ScorePoint(network, loss, samples);
    }

    /** Rows of the buffers that a sample takes. */
    final int rowsPerSample() {
        return jetsPerSample * jets.shape.streams();
    }

    /** How many times the batch goes through the network. */
    int rounds() {
        return 1;
    }

    /** How many of these times, the first ones, the losses need. */
    int lossRounds() {
        return rounds();
    }

    /** Row of a sample's first stream. */
    final int row(int sample) {
        return sample * rowsPerSample();
    }

    /** Where the row [x, c] of a sample goes. */
    float[] input(int sample) {
        return jets.input[row(sample)];
    }

    /** Where random direction k of a sample goes, D numbers from index 0; what stands behind them stays zero. */
    abstract float[] direction(int sample, int k);

    /**
     * Runs samples forward, to their losses and the seeds of the reverse pass.
     *
     * @param round which time, 0 for the first
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     * @param losses loss of each sample, by sample; the first round writes it, later ones add
     */
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        network.forward(jets, from * jetsPerSample, to * jetsPerSample, scratch);
        for (int n = from; n < to; n++) {
            double loss = loss(round, n);
            losses[n] = round == 0 ? loss : losses[n] + loss;
        }
    }

    /** The loss of a sample from its output streams, or a round's part of it; writes the seeds. */
    abstract double loss(int round, int sample);

    /**
     * Runs samples backward from their seeds.
     *
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    final void reverse(int from, int to, Scratch scratch) {
        network.reverse(jets, from * jetsPerSample, to * jetsPerSample, scratch);
    }

    /** As {@link MlpBlock#gradientBound}, after {@link #reverse}. */
    final double gradientBound(int from, int to) {
        return network.gradientBound(jets, from * jetsPerSample, to * jetsPerSample);
    }

    /** Parameter gradients of the samples 0 .. samples-1, after {@link #reverse}; as {@link MlpBlock#weightGradient}. */
    final void weightGradient(
            int samples, Weights.Chunk chunk, boolean add, float[][] gradient, int shift, Scratch scratch) {
        network.weightGradient(jets, samples * jetsPerSample, chunk, add, gradient, shift, scratch);
    }

    /** The sum of products of the first D numbers of two rows. */
    final double dot(float[] x, float[] y) {
        return network.dot(x, y);
    }
}
