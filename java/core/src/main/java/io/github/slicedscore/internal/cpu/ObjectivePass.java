package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;

/**
 * An objective over a batch: which streams it needs, the loss of each sample from them, and the seeds of the reverse pass,
 * which are the derivatives of that loss in the network's output streams.
 *
 * <p>The caller fills {@link #input} and {@link #slice}, then runs {@link #forward} and {@link #reverse} on ranges of
 * samples, in any order and on any thread; parameter gradients follow from {@link #jets}.
 */
abstract class ObjectivePass {
    final MlpBlock block;
    final JetBuffers jets;
    final int dimension;
    final int slices;

    ObjectivePass(MlpBlock block, Architecture architecture, int slices, JetShape shape, int samples) {
        this.block = block;
        this.dimension = architecture.dimension();
        this.slices = slices;
        this.jets = new JetBuffers(shape, block.weights.widths, samples, false);
    }

    /**
     * The pass of an objective on an architecture.
     *
     * @param kernels what computes
     * @param weights the network's parameters
     * @param architecture the network
     * @param objective what to evaluate
     * @param samples most rows in a batch
     */
    static ObjectivePass of(
            Kernels kernels, MlpWeights weights, Architecture architecture, Objective objective, int samples) {
        MlpBlock block = new MlpBlock(kernels, architecture.activation(), weights);
        boolean energy = architecture instanceof EnergyMlp;
        if (objective instanceof SlicedScoreMatching) {
            return energy
                    ? new EnergySliced(
                            block, (EnergyMlp) architecture, objective.slices().count(), samples)
                    : new ScoreSliced(block, architecture, objective.slices().count(), false, samples);
        }
        if (objective instanceof VarianceReducedScoreMatching) {
            return energy
                    ? new EnergyVarianceReduced(
                            block, (EnergyMlp) architecture, objective.slices().count(), samples)
                    : new ScoreSliced(block, architecture, objective.slices().count(), true, samples);
        }
        throw new NotSupportedException("the processor's kernels do not know the objective " + objective);
    }

    /** Where the row [x, c] of a sample goes. */
    final float[] input(int sample) {
        return jets.input[sample * jets.shape.streams()];
    }

    /** Where slice m of a sample goes, D numbers from index 0; what stands behind them stays zero. */
    final float[] slice(int sample, int m) {
        return jets.input[sample * jets.shape.streams() + 1 + m];
    }

    /**
     * Runs samples forward, to their losses and the seeds of the reverse pass.
     *
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     * @param losses where the loss of each sample goes, by sample
     */
    void forward(int from, int to, Scratch scratch, double[] losses) {
        block.forward(jets, from, to, false, scratch);
        for (int n = from; n < to; n++) {
            losses[n] = loss(n);
        }
    }

    /**
     * Runs samples backward from their seeds.
     *
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    final void reverse(int from, int to, Scratch scratch) {
        block.reverse(jets, from, to, scratch);
    }

    /** The loss of a sample from its output streams; writes the seeds. */
    abstract double loss(int sample);

    /** The sum of products of the first D numbers of two rows. */
    final double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
