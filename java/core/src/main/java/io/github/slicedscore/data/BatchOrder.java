package io.github.slicedscore.data;

import io.github.slicedscore.math.Permutation;

/**
 * Which row stands where in which batch, as a function of (seed, step): every epoch is a keyed permutation of all rows,
 * and batches are always full, straddling epochs.
 *
 * <pre>P = step * batch + i,   epoch = P div rows,   row = perm(seed, epoch, P mod rows)</pre>
 *
 * <p>An instance is for one thread; {@link #row} allocates nothing.
 */
public final class BatchOrder {
    private final long seed;
    private final int rows;
    private final Permutation permutation;
    private long epoch = -1;

    /**
     * The order of a run.
     *
     * @param seed the run's seed
     * @param rows number of rows in the data
     */
    public BatchOrder(long seed, int rows) {
        this.seed = seed;
        this.rows = rows;
        this.permutation = new Permutation(rows);
    }

    /**
     * The row at a position of a step's batch.
     *
     * @param step 0 for the first
     * @param batch rows a batch
     * @param position 0 .. batch-1
     * @return 0 .. rows-1
     */
    public int row(long step, int batch, int position) {
        long global = step * batch + position;
        long wanted = global / rows;
        if (wanted != epoch) {
            epoch = wanted;
            permutation.key(seed, epoch);
        }
        return (int) permutation.apply(global % rows);
    }
}
