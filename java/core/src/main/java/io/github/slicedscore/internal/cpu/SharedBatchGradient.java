package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.Objective;

/**
 * The gradient of a large network: blocks of samples go forward and backward through streams of the whole batch, then every
 * chunk of parameters sums over all samples. No gradient is ever in memory twice. Both phases run as often as the objective
 * takes rounds.
 */
final class SharedBatchGradient extends BatchGradient {
    /** Rows of all streams that one task takes through the whole network, at the most. */
    private static final int BLOCK_ROWS = 256;

    private final ObjectivePass pass;
    private final double[] bounds;
    private final int blockSamples;
    private final WorkerPool.Phase lossPhase = (task, worker) -> runBlock(task, worker, false);
    private final WorkerPool.Phase samplePhase = (task, worker) -> runBlock(task, worker, true);
    private final WorkerPool.Phase roundPhase = (task, worker) -> collect(chunks.get(task), gradients(), 0, worker);
    private int samples;
    private int round;

    SharedBatchGradient(
            Kernels kernels, WorkerPool pool, Network network, Objective objective, int capacity, Filler filler) {
        this(kernels, pool, ObjectivePass.of(network, objective, capacity), capacity, filler);
    }

    private SharedBatchGradient(Kernels kernels, WorkerPool pool, ObjectivePass pass, int capacity, Filler filler) {
        super(kernels, pool, pass.network, capacity, Math.max(BLOCK_ROWS, pass.rowsPerSample()), filler);
        this.pass = pass;
        // No more than leave every thread two blocks.
        this.blockSamples = blockSamples(BLOCK_ROWS, pass.rowsPerSample(), capacity / (2 * pool.threads()));
        this.bounds = new double[parts(capacity, blockSamples)];
    }

    @Override
    void losses(int count) {
        samples = count;
        for (round = 0; round < pass.lossRounds(); round++) {
            pool.run(lossPhase, blocks());
        }
    }

    @Override
    double samples(int count) {
        samples = count;
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
            pool.run(roundPhase, chunks.size());
        }
    }

    private int blocks() {
        return parts(samples, blockSamples);
    }

    private void runBlock(int task, int worker, boolean reverse) {
        int from = task * blockSamples;
        int to = from + Math.min(blockSamples, samples - from);
        for (int n = from; n < to && round == 0; n++) {
            filler.fill(pass, n, n, scratch[worker], worker);
        }
        pass.forward(round, from, to, scratch[worker], losses());
        if (reverse) {
            pass.reverse(from, to, scratch[worker]);
            bounds[task] = pass.gradientBound(from, to);
        }
    }

    @Override
    boolean collected() {
        return round > 0;
    }

    @Override
    void collect(Weights.Chunk chunk, float[][] into, int shift, int worker) {
        pass.weightGradient(samples, chunk, round > 0, into, shift, scratch[worker]);
    }
}
