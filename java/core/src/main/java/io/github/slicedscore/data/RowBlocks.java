package io.github.slicedscore.data;

/**
 * A pass over rows of a table, some at a time: for each row a call, or for each number, would take longer than the work on it.
 *
 * <pre>{@code
 * while (blocks.next()) {
 *     // blocks.rows() rows lie in blocks.values()
 * }
 * }</pre>
 */
final class RowBlocks {
    /** Numbers a block, unless a row has more: few enough for a core's nearest caches. */
    private static final int NUMBERS = 1 << 12;

    private final Values table;
    private final RowSet chosen;
    private final int width;
    private final int most;
    private final double[] values;
    private int next;
    private int rows;

    RowBlocks(Values table, RowSet chosen) {
        this.table = table;
        this.chosen = chosen;
        this.width = table.width();
        this.most = Math.max(1, Math.min(NUMBERS / width, chosen.size()));
        this.values = new double[Math.multiplyExact(most, width)];
    }

    /** All rows of a table. */
    static RowBlocks all(Values table) {
        return new RowBlocks(table, RowSet.allBut(table.rows()));
    }

    /** Goes on to the next block; false if there is none. */
    boolean next() {
        rows = Math.min(most, chosen.size() - next);
        if (rows > 0) {
            copy(next, rows, 0);
            next += rows;
        }
        return rows > 0;
    }

    /** Which member of the set the first row of this block is. */
    int first() {
        return next - rows;
    }

    /** Rows of this block. */
    int rows() {
        return rows;
    }

    /** Numbers of this block, row by row from index 0; those behind its rows mean nothing. The next block takes their place. */
    double[] values() {
        return values;
    }

    /** Whether all numbers of this block are finite. */
    boolean areFinite() {
        for (int i = 0; i < rows * width; i++) {
            if (!Double.isFinite(values[i])) {
                return false;
            }
        }
        return true;
    }

    /** Members of the set that are neighbours in the table, as most are, are copied together. */
    private void copy(int member, int count, int at) {
        int first = chosen.row(member);
        if (chosen.row(member + count - 1) - first == count - 1) {
            table.copyRows(first, count, values, at * width);
        } else {
            int half = count / 2;
            copy(member, half, at);
            copy(member + half, count - half, at + half);
        }
    }
}
