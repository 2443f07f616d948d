package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.Nice;

/**
 * The score or log-density that an architecture means, as a block: jets of [x, c] in, jets of s or f out; adjoints of these in,
 * parameter gradients and, if asked, adjoints of the input out. It stands first: the second-order stream of its input is zero,
 * unless it {@link #takesSecondInput}.
 */
abstract class Network {
    /** The parameters. */
    final Weights weights;

    /** D. */
    final int dimension;

    /** D + C. */
    final int inputs;

    private final boolean energy;

    Network(Architecture architecture, Weights weights) {
        this.weights = weights;
        dimension = architecture.dimension();
        inputs = architecture.inputs();
        energy = architecture.isEnergy();
    }

    /**
     * The network of an architecture, its parameters zero.
     *
     * @param kernels what computes
     * @param architecture what the network is
     * @throws NotSupportedException if there is none
     */
    static Network of(Kernels kernels, Architecture architecture) {
        if (architecture instanceof Mlp mlp) {
            return MlpNetwork.of(kernels, mlp);
        }
        if (architecture instanceof Nice nice) {
            return CouplingNetwork.of(kernels, nice);
        }
        if (architecture instanceof DeepKernelEnergy energy) {
            return DeepKernelNetwork.of(kernels, energy);
        }
        throw new NotSupportedException("the processor's kernels do not know the network " + architecture);
    }

    /** Whether the output is a log-density. */
    final boolean isEnergy() {
        return energy;
    }

    /** Whether it is an energy that reads the second-order stream of its input, for which curves may take the place of lines. */
    boolean takesSecondInput() {
        return false;
    }

    /** Width of the widest row. */
    abstract int widest();

    /** How many numbers of activations and adjoints a row is, over all layers. */
    abstract long streamedUnits();

    /** The level of a row [x, c, log sigma]; 0 where the network knows none. */
    double sigma(float[] input) {
        return 0;
    }

    /**
     * Room for samples.
     *
     * @param shape streams
     * @param samples how many
     * @param reverse how far {@link #reverse} shall go; to the input for energies alone, and shapes without a second order
     */
    abstract NetworkBuffers buffers(JetShape shape, int samples, Reverse reverse);

    /**
     * Runs samples from .. to-1 forward. Ranges that share no sample may run at the same time.
     *
     * @param buffers this network's, input rows filled; output rows are written
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    abstract void forward(NetworkBuffers buffers, int from, int to, Scratch scratch);

    /**
     * Runs samples from .. to-1 backward from the adjoints of s or f, which are overwritten; of an energy, adjoints of the
     * input's value and tangents are written where the buffers have room for them.
     *
     * @param buffers after {@link #forward}, with the output's adjoints filled
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    abstract void reverse(NetworkBuffers buffers, int from, int to, Scratch scratch);

    /**
     * A number that the Euclidean norm of some samples' parameter gradient does not exceed, or infinity where none is known;
     * NaN or infinity if any part of it is not finite.
     *
     * @param buffers after {@link #reverse}
     * @param from first sample
     * @param to one past the last sample
     */
    abstract double gradientBound(NetworkBuffers buffers, int from, int to);

    /**
     * Parameter gradients of a chunk, summed over samples in order.
     *
     * @param buffers after {@link #reverse}
     * @param samples the first so many samples
     * @param chunk which parameters
     * @param add whether to add to what is there
     * @param gradient where the sums go, as pieces
     * @param shift number of the chunk's first piece less its index in {@code gradient}
     * @param scratch memory of the calling thread
     */
    abstract void weightGradient(
            NetworkBuffers buffers,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch);

    /** The sum of products of the first D numbers of two rows. */
    final double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
