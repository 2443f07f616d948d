package io.github.slicedscore.internal.cpu;

import java.util.List;

/**
 * Loss and parameter gradient of a batch in two phases, as often as the objective takes rounds, over a worker pool: blocks of
 * samples run forward and backward, then tasks of parameters collect their gradients. Samples do not meet in the first phase,
 * and in the second every sum runs over all samples in order, so the numbers are the same for any number of threads. Nothing is
 * allocated per call.
 */
final class BatchGradient {
    /** Fills the input row and the random directions of a sample. */
    interface Filler {
        void fill(ObjectivePass pass, int sample, Scratch scratch, int worker);
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
    private static final int SAMPLES = 8;

    /** Rows of all streams that one task of the first phase takes through the whole network, at the most. */
    private static final int BLOCK_ROWS = 128;

    private final WorkerPool pool;
    private final ObjectivePass pass;
    private final Filler filler;
    private final Scratch[] scratch;
    /** A chunk's gradient by worker, for sinks that need it no longer than the call. */
    private final float[][][] passing;

    private final List<MlpWeights.Chunk> chunks;
    private final double[] losses;
    private final double[] bounds;
    private final float[][] gradients;
    private final int blockSamples;
    private final WorkerPool.Phase lossPhase = (task, worker) -> runBlock(task, worker, false);
    private final WorkerPool.Phase samplePhase = (task, worker) -> runBlock(task, worker, true);
    private final WorkerPool.Phase parameterPhase = this::runChunk;
    private Sink sink = KEEP;
    private boolean keep = true;
    private int samples;
    private int round;

    BatchGradient(Kernels kernels, WorkerPool pool, ObjectivePass pass, int capacity, Filler filler) {
        this.pool = pool;
        this.pass = pass;
        this.filler = filler;
        this.blockSamples = blockSamples(pass.rowsPerSample(), capacity, pool.threads());
        MlpWeights weights = pass.network.weights;
        this.chunks = weights.chunks();
        this.losses = new double[capacity];
        this.bounds = new double[(capacity + blockSamples - 1) / blockSamples];
        this.gradients = weights.newPieces();
        int pieces = 0;
        int length = 0;
        for (MlpWeights.Chunk chunk : chunks) {
            pieces = Math.max(pieces, chunk.to() - chunk.from());
            length = Math.max(length, gradients[chunk.from()].length);
        }
        this.scratch = new Scratch[pool.threads()];
        this.passing = new float[pool.threads()][pieces][length];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = kernels.scratch(pass.network.widest(), blockSamples * pass.rowsPerSample());
        }
    }

    /** As many as fill a block's rows, but no more than leave every thread two blocks. */
    private static int blockSamples(int rowsPerSample, int capacity, int threads) {
        int most = Math.min(BLOCK_ROWS / rowsPerSample, capacity / (2 * threads));
        return Math.max(1, most < SAMPLES ? most : most / SAMPLES * SAMPLES);
    }

    /** Loss of each sample, after {@link #losses(int)} or {@link #samples}; overwritten by the next call. */
    double[] losses() {
        return losses;
    }

    /** The sum of the first losses. */
    double lossSum(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += losses[i];
        }
        return sum;
    }

    /** Gradient summed over the samples, as pieces of {@link MlpWeights}, after {@link #gradient}. */
    float[][] gradients() {
        return gradients;
    }

    /** Losses of samples 0 .. count-1. */
    void losses(int count) {
        samples = count;
        for (round = 0; round < pass.lossRounds(); round++) {
            pool.run(lossPhase, blocks());
        }
    }

    /** Losses and gradient sum of samples 0 .. count-1. */
    void gradient(int count) {
        samples(count);
        gradients(KEEP, true);
    }

    /**
     * Losses of samples 0 .. count-1, and all that their gradient follows from.
     *
     * @return what the norm of the gradient sum does not exceed, or infinity or NaN where that is not known
     */
    double samples(int count) {
        samples = count;
        keep = true;
        sink = KEEP;
        double bound = 0;
        for (round = 0; ; round++) {
            pool.run(samplePhase, blocks());
            for (int block = 0; block < blocks(); block++) {
                bound += bounds[block];
            }
            if (round == pass.rounds() - 1) {
                return bound;
            }
            // The next round needs the buffers.
            pool.run(parameterPhase, chunks.size());
        }
    }

    /**
     * Gradient sum of the samples of the last call of {@link #samples}, handed on chunk by chunk.
     *
     * @param newSink what takes the chunks
     * @param newKeep whether {@link #gradients()} shall hold them afterwards
     */
    void gradients(Sink newSink, boolean newKeep) {
        sink = newSink;
        keep = newKeep;
        pool.run(parameterPhase, chunks.size());
    }

    private int blocks() {
        return (samples + blockSamples - 1) / blockSamples;
    }

    private void runBlock(int task, int worker, boolean reverse) {
        int from = task * blockSamples;
        int to = Math.min(from + blockSamples, samples);
        for (int n = from; n < to && round == 0; n++) {
            filler.fill(pass, n, scratch[worker], worker);
        }
        pass.forward(round, from, to, scratch[worker], losses);
        if (reverse) {
            bounds[task] = pass.reverse(from, to, scratch[worker]);
        }
    }

    private void runChunk(int task, int worker) {
        MlpWeights.Chunk chunk = chunks.get(task);
        boolean stay = keep || round > 0;
        float[][] into = stay ? gradients : passing[worker];
        int shift = stay ? 0 : chunk.from();
        pass.weightGradient(samples, chunk, round > 0, into, shift);
        sink.take(task, into, shift);
    }
}
