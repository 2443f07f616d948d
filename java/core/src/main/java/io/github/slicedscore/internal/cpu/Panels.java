package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * A matrix in panels of {@link #WIDTH} columns, two vectors: within a panel rows stand one after the other, so a tile of a few
 * rows and a panel's columns is one stretch of memory, and products need no packing.
 */
final class Panels {
    /** Columns of a panel. */
    static final int WIDTH = 2 * SimdSpecies.LANES;

    /** Base-two logarithm of {@link #WIDTH}. */
    static final int SHIFT = Integer.numberOfTrailingZeros(WIDTH);

    /** Rows between panels that hold nothing: panels a power of two apart would compete for the same lines of a cache. */
    private static final int GAP = 8;

    /** Fewer numbers are copied faster by a loop than by the call of a routine. */
    private static final int FEW = 8;

    final float[] data;
    /** Numbers from one panel to the next. */
    final int stride;

    Panels(int rows, int columns) {
        stride = Math.multiplyExact(rows + GAP, WIDTH);
        data = new float[Math.multiplyExact(count(columns), stride)];
    }

    /** Panels that so many columns take. */
    static int count(int columns) {
        return (columns + WIDTH - 1) >>> SHIFT;
    }

    /** Columns of a panel that are in use. */
    static int used(int panel, int columns) {
        return Math.min(WIDTH, columns - panel * WIDTH);
    }

    private static void copy(float[] from, int fromStart, float[] to, int toStart, int count) {
        if (count < FEW) {
            for (int i = 0; i < count; i++) {
                to[toStart + i] = from[fromStart + i];
            }
        } else {
            System.arraycopy(from, fromStart, to, toStart, count);
        }
    }

    /** Takes a row, as long as it is. */
    void set(int row, float[] from) {
        int panels = count(from.length);
        for (int p = 0; p < panels; p++) {
            copy(from, p * WIDTH, data, p * stride + row * WIDTH, used(p, from.length));
        }
    }

    /** Gives a row, as long as the target is. */
    void get(int row, float[] to) {
        int panels = count(to.length);
        for (int p = 0; p < panels; p++) {
            copy(data, p * stride + row * WIDTH, to, p * WIDTH, used(p, to.length));
        }
    }

    /** Makes a row of so many columns zero. */
    void clear(int row, int columns) {
        for (int p = 0; p < count(columns); p++) {
            int at = p * stride + row * WIDTH;
            Arrays.fill(data, at, at + WIDTH, 0f);
        }
    }
}
