package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.Objective;
import java.util.List;

/**
 * Losses and parameter gradient of a batch in two phases over a worker pool: samples forward and backward, then tasks of
 * parameters that take up their gradients. Sums that reach the parameters are taken in an order that depends on the sizes alone,
 * so the numbers are the same for any number of threads. Nothing is allocated per call.
 */
abstract sealed class BatchGradient permits GroupedBatchGradient, SharedBatchGradient {
    /** Fills the input row and the random directions of a sample. */
    interface Filler {
        /**
         * Called from any thread.
         *
         * @param pass whose rows are to be filled
         * @param sample number of the sample there
         * @param position number of the sample in the batch
         * @param scratch memory of the calling thread
         * @param worker number of the calling thread
         */
        void fill(ObjectivePass pass, int sample, int position, Scratch scratch, int worker);
    }

    /** Takes the gradient of a chunk of parameters. */
    interface Sink {
        /**
         * Called once for every chunk, from any thread.
         *
         * @param chunk number of the chunk
         * @param gradient its pieces
         * @param shift number of the chunk's first piece less its index in {@code gradient}
         */
        void take(int chunk, float[][] gradient, int shift);
    }

    private static final Sink KEEP = (chunk, gradient, shift) -> {};

    /** Samples of a block are a multiple of this, so that blocks end where the kernels' tiles of rows do. */
    static final int SAMPLES = 8;

    final WorkerPool pool;
    private final Kernels kernels;
    final Filler filler;
    final Scratch[] scratch;
    final List<Weights.Chunk> chunks;

    private final double[] losses;
    private final float[][] gradients;
    /** A chunk's gradient by worker, for sinks that need it no longer than the call. */
    private final float[][][] passing;

    private final WorkerPool.Phase parameterPhase = this::runChunk;
    private Sink sink = KEEP;
    private boolean keep = true;

    BatchGradient(Kernels kernels, WorkerPool pool, Network network, int capacity, int blockRows, Filler filler) {
        this.kernels = kernels;
        this.pool = pool;
        this.filler = filler;
        this.chunks = network.weights.chunks();
        this.losses = new double[capacity];
        this.gradients = network.weights.newPieces();
        int pieces = 0;
        int length = 0;
        for (Weights.Chunk chunk : chunks) {
            pieces = Math.max(pieces, chunk.to() - chunk.from());
            length = Math.max(length, gradients[chunk.from()].length);
        }
        this.passing = new float[pool.threads()][pieces][length];
        this.scratch = new Scratch[pool.threads()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = kernels.scratch(network.widest(), blockRows);
        }
    }

    /**
     * The gradient of an objective over batches.
     *
     * @param kernels what computes
     * @param pool who does
     * @param network whose parameters
     * @param objective what to evaluate
     * @param capacity most samples in a batch
     * @param filler fills the samples' inputs
     */
    static BatchGradient of(
            Kernels kernels, WorkerPool pool, Network network, Objective objective, int capacity, Filler filler) {
        int rowsPerSample = ObjectivePass.of(network, objective, 1).rowsPerSample();
        return GroupedBatchGradient.suits(network, (long) capacity * rowsPerSample)
                ? new GroupedBatchGradient(kernels, pool, network, objective, capacity, rowsPerSample, filler)
                : new SharedBatchGradient(kernels, pool, network, objective, capacity, filler);
    }

    /** x / y, rounded up. */
    static int parts(int x, int y) {
        return x / y + (x % y > 0 ? 1 : 0);
    }

    /** Samples a block: as many as fill its rows, but no more than some limit, and full tiles of rows where that can be. */
    static int blockSamples(int rows, int rowsPerSample, int limit) {
        int most = Math.min(rows / rowsPerSample, limit);
        return Math.max(1, most < SAMPLES ? most : most / SAMPLES * SAMPLES);
    }

    /** Loss of each sample, after {@link #losses(int)} or {@link #samples}; overwritten by the next call. */
    final double[] losses() {
        return losses;
    }

    /** The sum of the first losses. */
    final double lossSum(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += losses[i];
        }
        return sum;
    }

    /** Gradient summed over the samples, as pieces of {@link Weights}, after {@link #gradient}. */
    final float[][] gradients() {
        return gradients;
    }

    /** Losses and gradient sum of samples 0 .. count-1. */
    final void gradient(int count) {
        samples(count);
        gradients(KEEP, true);
    }

    /** Losses of samples 0 .. count-1. */
    abstract void losses(int count);

    /**
     * Losses of samples 0 .. count-1, and all that their gradient follows from.
     *
     * @return what the norm of the gradient sum does not exceed, or infinity or NaN where that is not known
     */
    abstract double samples(int count);

    /**
     * Gradient sum of the samples of the last call of {@link #samples}, handed on chunk by chunk.
     *
     * @param newSink what takes the chunks
     * @param newKeep whether {@link #gradients()} shall hold them afterwards
     */
    final void gradients(Sink newSink, boolean newKeep) {
        sink = newSink;
        keep = newKeep || collected();
        pool.run(parameterPhase, chunks.size());
    }

    /**
     * The sum of the squares of a chunk's gradient.
     *
     * @param chunk which parameters
     * @param gradient its pieces, which may be longer than the parameters'
     * @param shift number of the chunk's first piece less its index in {@code gradient}
     */
    final double sumSquares(Weights.Chunk chunk, float[][] gradient, int shift) {
        return kernels.sumSquares(chunk, gradient, shift, gradients);
    }

    /** Whether a part of the gradient sum is in {@link #gradients()} already. */
    abstract boolean collected();

    private void runChunk(int task, int worker) {
        Weights.Chunk chunk = chunks.get(task);
        float[][] into = keep ? gradients : passing[worker];
        int shift = keep ? 0 : chunk.from();
        collect(chunk, into, shift, worker);
        sink.take(task, into, shift);
    }

    /**
     * A chunk's gradient sum.
     *
     * @param chunk which parameters
     * @param into where the sums go, as pieces; {@link #gradients()} if a part is there
     * @param shift number of the chunk's first piece less its index in {@code into}
     * @param worker number of the calling thread
     */
    abstract void collect(Weights.Chunk chunk, float[][] into, int shift, int worker);
}
