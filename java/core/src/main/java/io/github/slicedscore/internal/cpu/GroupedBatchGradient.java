package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.Objective;
import java.util.Arrays;

/**
 * The gradient of a network that is small, or has a large batch: groups of samples, whose number depends on the sizes alone,
 * each with a gradient of its own, which are summed in the end. A worker takes a group through all rounds block by block, in
 * buffers that stay in its core's caches: of a small network's step, fetching what another core has written would take more time
 * than the arithmetic. More threads than groups, {@value #MOST_GROUPS} at the most, have nothing to do in this phase.
 */
final class GroupedBatchGradient extends BatchGradient {
    /** Rows of all streams that go through the network together. */
    private static final int BLOCK_ROWS = 128;

    /** Rows that a group has, if there are enough for groups. */
    private static final int GROUP_ROWS = 256;

    private static final int FEWEST_GROUPS = 4;
    private static final int MOST_GROUPS = 16;

    /** Up to so many parameters a group's gradient stays in a core's second-level cache. */
    private static final int MOST_CACHED = 1 << 17;

    /** Beyond so many, every block's sum would go through main memory. */
    private static final int MOST_PARAMETERS = 1 << 20;

    /** By worker. */
    private final ObjectivePass[] passes;
    /** Losses of a block, by worker. */
    private final double[][] blockLosses;

    private final int blockSamples;
    private final int groupSamples;
    /** Gradient sums, as pieces, by group. */
    private final float[][][] sums;

    /** Norms of these sums. */
    private final double[] norms;

    private final WorkerPool.Phase lossPhase = (group, worker) -> runGroup(group, worker, false);
    private final WorkerPool.Phase samplePhase = (group, worker) -> runGroup(group, worker, true);
    private int samples;

    GroupedBatchGradient(
            Kernels kernels,
            WorkerPool pool,
            Network network,
            Objective objective,
            int capacity,
            int rowsPerSample,
            Filler filler) {
        super(kernels, pool, network, capacity, Math.max(BLOCK_ROWS, rowsPerSample), filler);
        int wanted = groups((long) capacity * rowsPerSample);
        // Groups of a size, and in them blocks of a size: threads shall end together.
        int most = blockSamples(BLOCK_ROWS, rowsPerSample, capacity);
        int least = parts(capacity, wanted);
        int blocks = (least + most - 1) / most;
        int fair = (least + blocks - 1) / blocks;
        blockSamples = Math.min(most, (fair + SAMPLES - 1) / SAMPLES * SAMPLES);
        groupSamples = blocks * blockSamples;
        int groups = parts(capacity, groupSamples);
        sums = new float[groups][][];
        Arrays.setAll(sums, group -> network.weights.newPieces());
        norms = new double[groups];
        passes = new ObjectivePass[pool.threads()];
        Arrays.setAll(passes, worker -> ObjectivePass.of(network, objective, blockSamples));
        blockLosses = new double[pool.threads()][blockSamples];
    }

    /** Into how many groups so many rows are divided, or a few less. */
    private static int groups(long rows) {
        return (int) Math.min(MOST_GROUPS, Math.max(FEWEST_GROUPS, rows / GROUP_ROWS));
    }

    /**
     * Whether groups are the shorter way: their gradients stay in second-level caches, or in the third with no more numbers than
     * the streams of the whole batch would have.
     */
    static boolean suits(Network network, long rows) {
        int size = network.weights.size();
        return size <= MOST_CACHED
                || (size <= MOST_PARAMETERS && groups(rows) * (long) size <= rows * network.streamedUnits());
    }

    private int groups() {
        return parts(samples, groupSamples);
    }

    @Override
    void losses(int count) {
        samples = count;
        pool.run(lossPhase, groups());
    }

    @Override
    double samples(int count) {
        samples = count;
        pool.run(samplePhase, groups());
        double bound = 0;
        for (int group = 0; group < groups(); group++) {
            bound += norms[group];
        }
        return bound;
    }

    private void runGroup(int group, int worker, boolean reverse) {
        int first = group * groupSamples;
        int end = first + Math.min(groupSamples, samples - first);
        for (int count, position = first; position < end; position += count) {
            count = Math.min(blockSamples, end - position);
            fill(worker, position, count);
            runBlock(group, worker, count, position > first, position + count == end, reverse);
            System.arraycopy(blockLosses[worker], 0, losses(), position, count);
        }
    }

    private void fill(int worker, int position, int count) {
        for (int n = 0; n < count; n++) {
            filler.fill(passes[worker], n, position + n, scratch[worker], worker);
        }
    }

    private void runBlock(int group, int worker, int count, boolean add, boolean lastBlock, boolean reverse) {
        ObjectivePass pass = passes[worker];
        int rounds = reverse ? pass.rounds() : pass.lossRounds();
        double square = 0;
        for (int round = 0; round < rounds; round++) {
            pass.forward(round, 0, count, scratch[worker], blockLosses[worker]);
            if (!reverse) {
                continue;
            }
            pass.reverse(0, count, scratch[worker]);
            for (int i = 0; i < chunks.size(); i++) {
                Weights.Chunk chunk = chunks.get(i);
                pass.weightGradient(count, chunk, add || round > 0, sums[group], 0, scratch[worker]);
                // At once, while they are in the caches.
                square += lastBlock && round == rounds - 1 ? sumSquares(chunk, sums[group], 0) : 0;
            }
        }
        norms[group] = Math.sqrt(square);
    }

    @Override
    boolean collected() {
        return false;
    }

    @Override
    void collect(Weights.Chunk chunk, float[][] into, int shift, int worker) {
        for (int piece = chunk.from(); piece < chunk.to(); piece++) {
            float[] sum = into[piece - shift];
            System.arraycopy(sums[0][piece], 0, sum, 0, sums[0][piece].length);
            for (int group = 1; group < groups(); group++) {
                Weights.add(sums[group][piece], sum);
            }
        }
    }
}
