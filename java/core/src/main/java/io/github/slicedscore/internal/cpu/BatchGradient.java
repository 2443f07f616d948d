package io.github.slicedscore.internal.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Loss and parameter gradient of a batch in two phases, as often as the objective takes rounds, over a worker pool: blocks of samples run forward and backward, then
 * tasks of parameter rows collect their gradients. Samples do not meet in the first phase, and in the second every sum runs
 * over all samples in order, so the numbers are the same for any number of threads. Nothing is allocated per call.
 */
final class BatchGradient {
    /** Fills the input row and the random directions of a sample. */
    interface Filler {
        void fill(ObjectivePass pass, int sample, Scratch scratch);
    }

    /** Rows from .. to-1 of a layer's parameters: the unit of work wherever parameters are run over. */
    record Chunk(int layer, int from, int to) {}

    /** Rows of all streams that one task of the first phase takes through the whole network. */
    private static final int BLOCK_ROWS = 64;

    /** Parameter rows a task. */
    private static final int CHUNK_ROWS = 16;

    private final WorkerPool pool;
    private final ObjectivePass pass;
    private final Filler filler;
    private final Scratch[] scratch;
    private final List<Chunk> chunks;
    private final double[] losses;
    private final float[][][] gradients;
    private final int blockSamples;
    private final WorkerPool.Phase lossPhase = (task, worker) -> runBlock(task, worker, false);
    private final WorkerPool.Phase samplePhase = (task, worker) -> runBlock(task, worker, true);
    private final WorkerPool.Phase parameterPhase = this::runChunk;
    private int samples;
    private int round;

    BatchGradient(WorkerPool pool, ObjectivePass pass, int capacity, Filler filler) {
        this.pool = pool;
        this.pass = pass;
        this.filler = filler;
        int streams = pass.rowsPerSample();
        int fair = (capacity + 2 * pool.threads() - 1) / (2 * pool.threads());
        this.blockSamples = Math.max(1, Math.min(BLOCK_ROWS / streams, fair));
        MlpWeights weights = pass.network.weights;
        this.scratch = new Scratch[pool.threads()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch(pass.network.widest(), blockSamples * streams);
        }
        this.chunks = chunks(weights);
        this.losses = new double[capacity];
        this.gradients = weights.newRows();
    }

    private static List<Chunk> chunks(MlpWeights weights) {
        List<Chunk> chunks = new ArrayList<>();
        for (int layer = 0; layer < weights.layers(); layer++) {
            int rows = weights.rows[layer].length;
            for (int from = 0; from < rows; from += CHUNK_ROWS) {
                chunks.add(new Chunk(layer, from, Math.min(from + CHUNK_ROWS, rows)));
            }
        }
        return List.copyOf(chunks);
    }

    /** How parameters are shared out among tasks. */
    List<Chunk> chunks() {
        return chunks;
    }

    /** Loss of each sample, after {@link #losses(int)} or {@link #gradient}; overwritten by the next call. */
    double[] losses() {
        return losses;
    }

    /** Gradient summed over the samples, rows as in {@link MlpWeights}, after {@link #gradient}. */
    float[][][] gradients() {
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
        samples = count;
        for (round = 0; round < pass.rounds(); round++) {
            pool.run(samplePhase, blocks());
            pool.run(parameterPhase, chunks.size());
        }
    }

    private int blocks() {
        return (samples + blockSamples - 1) / blockSamples;
    }

    private void runBlock(int task, int worker, boolean reverse) {
        int from = task * blockSamples;
        int to = Math.min(from + blockSamples, samples);
        for (int n = from; n < to && round == 0; n++) {
            filler.fill(pass, n, scratch[worker]);
        }
        pass.forward(round, from, to, scratch[worker], losses);
        if (reverse) {
            pass.reverse(from, to, scratch[worker]);
        }
    }

    private void runChunk(int task, int worker) {
        Chunk chunk = chunks.get(task);
        pass.weightGradient(samples, chunk.layer(), chunk.from(), chunk.to(), round > 0, gradients[chunk.layer()]);
    }
}
