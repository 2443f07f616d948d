package io.github.slicedscore.data;

import java.util.Arrays;

/**
 * Some rows of a table, in ascending order: those of a list, or all but those of a list, which for most of a long table takes
 * less room.
 */
public final class RowSet {
    /** Members between two entries of {@link #before} are 2^STRIDE. */
    private static final int STRIDE = 10;

    private final int size;
    private final boolean complement;
    private final int[] listed;

    /** How many listed rows stand before member k 2^STRIDE, of a complement. */
    private final int[] before;

    private RowSet(int size, boolean complement, int[] listed) {
        this.size = size;
        this.complement = complement;
        this.listed = listed;
        before = complement ? directory() : new int[0];
    }

    /**
     * Listed rows.
     *
     * @param rows each at least 0, ascending, none twice; copied
     * @return the set
     */
    public static RowSet of(int... rows) {
        return new RowSet(rows.length, false, ascending(rows, Integer.MAX_VALUE));
    }

    /**
     * All rows but those listed.
     *
     * @param rows number of rows in the table
     * @param excluded each 0 .. rows-1, ascending, none twice; copied
     * @return the set
     */
    public static RowSet allBut(int rows, int... excluded) {
        return new RowSet(rows - excluded.length, true, ascending(excluded, rows));
    }

    private static int[] ascending(int[] rows, int end) {
        int[] copy = rows.clone();
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] < (i == 0 ? 0 : copy[i - 1] + 1) || copy[i] >= end) {
                throw new IllegalArgumentException("rows are listed ascending, each once, from 0 and below " + end
                        + ", but " + copy[i] + " stands at place " + i);
            }
        }
        return copy;
    }

    private int[] directory() {
        int[] counts = new int[(size >> STRIDE) + 2];
        int count = 0;
        for (int entry = 0; entry < counts.length; entry++) {
            long member = (long) entry << STRIDE;
            // A listed row stands before the member if fewer unlisted ones stand before it than before the member.
            while (count < listed.length && listed[count] - count <= member) {
                count++;
            }
            counts[entry] = count;
        }
        return counts;
    }

    /**
     * Number of rows in the set.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * A row of the set.
     *
     * @param index 0 .. size-1
     * @return its number in the table
     */
    public int row(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("row " + index + " of a set of " + size);
        }
        if (!complement) {
            return listed[index];
        }
        int low = before[index >> STRIDE];
        int high = before[(index >> STRIDE) + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (listed[middle] - middle <= index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return index + low;
    }

    /**
     * The rows as an array.
     *
     * @return their numbers in the table, ascending
     */
    public int[] toArray() {
        int[] rows = new int[size];
        for (int i = 0; i < size; i++) {
            rows[i] = row(i);
        }
        return rows;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowSet that && Arrays.equals(toArray(), that.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toArray());
    }

    @Override
    public String toString() {
        return "RowSet of " + size;
    }
}
