package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.SHIFT;
import static io.github.slicedscore.internal.cpu.Panels.WIDTH;
import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops: tiles of a product, held in registers while all terms are added to them.
 *
 * <pre>
 * row tile      c[r][j] = init[r][j] + sum over k of a[r][k] b[k][j]
 * column tile   c[i][j] = init[i][j] + sum over k of a[k][i] b[k][j]
 * </pre>
 *
 * <p>Tiles, {@code init} and {@code b} are rows of a panel. The accumulators have names of their own, and the loop over terms
 * is a single one, because only then does the JVM's compiler keep them in registers.
 */
final class SimdTile {
    /** Rows of a tile of two vectors: with 16 registers, as of 256-bit vectors, more than four would not stay in them. */
    private static final boolean SIXTEEN_REGISTERS = FLOATS.vectorBitSize() == 256;

    /** Rows of a tile. */
    static final int ROWS = 8;

    /** A tile of zeros, for tiles to begin with. */
    static final float[] ZERO = new float[ROWS * WIDTH];

    private SimdTile() {}

    /**
     * Row tile of {@link #ROWS} rows.
     *
     * @param a left factor, in panels
     * @param ao place of a[0][0]
     * @param stride from one panel of a to the next
     * @param b right factor
     * @param bo place of b[0][0]
     * @param depth number of terms
     * @param init what is added to
     * @param io place of init[0][0]
     * @param c result
     * @param co place of c[0][0]
     */
    static void rows(
            float[] a, int ao, int stride, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        if (SIXTEEN_REGISTERS) {
            rows4(a, ao, stride, b, bo, depth, init, io, c, co);
            rows4(a, ao + 4 * WIDTH, stride, b, bo, depth, init, io + 4 * WIDTH, c, co + 4 * WIDTH);
        } else {
            rows8(a, ao, stride, b, bo, depth, init, io, c, co);
        }
    }

    /** Column tile of {@link #ROWS} columns of a; otherwise as {@link #rows}. */
    static void columns(float[] a, int ao, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        if (SIXTEEN_REGISTERS) {
            columns4(a, ao, b, bo, depth, init, io, c, co);
            columns4(a, ao + 4, b, bo, depth, init, io + 4 * WIDTH, c, co + 4 * WIDTH);
        } else {
            columns8(a, ao, b, bo, depth, init, io, c, co);
        }
    }

    /** Row tile of {@link #ROWS} rows and the first vector of columns. */
    static void narrowRows(
            float[] a, int ao, int stride, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0 = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c1 = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c2 = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c3 = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c4 = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH);
        FloatVector c5 = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH);
        FloatVector c6 = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH);
        FloatVector c7 = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH);
        for (int k = 0; k < depth; k++) {
            int i = ao + (k >>> SHIFT) * stride + (k & (WIDTH - 1));
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0 = s.fma(ba, c0);
            s = FloatVector.broadcast(FLOATS, a[i + WIDTH]);
            c1 = s.fma(ba, c1);
            s = FloatVector.broadcast(FLOATS, a[i + 2 * WIDTH]);
            c2 = s.fma(ba, c2);
            s = FloatVector.broadcast(FLOATS, a[i + 3 * WIDTH]);
            c3 = s.fma(ba, c3);
            s = FloatVector.broadcast(FLOATS, a[i + 4 * WIDTH]);
            c4 = s.fma(ba, c4);
            s = FloatVector.broadcast(FLOATS, a[i + 5 * WIDTH]);
            c5 = s.fma(ba, c5);
            s = FloatVector.broadcast(FLOATS, a[i + 6 * WIDTH]);
            c6 = s.fma(ba, c6);
            s = FloatVector.broadcast(FLOATS, a[i + 7 * WIDTH]);
            c7 = s.fma(ba, c7);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + WIDTH);
        c2.intoArray(c, co + 2 * WIDTH);
        c3.intoArray(c, co + 3 * WIDTH);
        c4.intoArray(c, co + 4 * WIDTH);
        c5.intoArray(c, co + 5 * WIDTH);
        c6.intoArray(c, co + 6 * WIDTH);
        c7.intoArray(c, co + 7 * WIDTH);
    }

    /** Row tile of one row. */
    static void row(
            float[] a, int ao, int stride, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0a = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c0b = FloatVector.fromArray(FLOATS, init, io + LANES);
        for (int k = 0; k < depth; k++) {
            int i = ao + (k >>> SHIFT) * stride + (k & (WIDTH - 1));
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH + LANES);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0a = s.fma(ba, c0a);
            c0b = s.fma(bb, c0b);
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
    }

    /** Column tile of {@link #ROWS} columns of a and the first vector of columns of b. */
    static void narrowColumns(
            float[] a, int ao, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0 = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c1 = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c2 = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c3 = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c4 = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH);
        FloatVector c5 = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH);
        FloatVector c6 = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH);
        FloatVector c7 = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH);
        for (int k = 0; k < depth; k++) {
            int i = ao + k * WIDTH;
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0 = s.fma(ba, c0);
            s = FloatVector.broadcast(FLOATS, a[i + 1]);
            c1 = s.fma(ba, c1);
            s = FloatVector.broadcast(FLOATS, a[i + 2]);
            c2 = s.fma(ba, c2);
            s = FloatVector.broadcast(FLOATS, a[i + 3]);
            c3 = s.fma(ba, c3);
            s = FloatVector.broadcast(FLOATS, a[i + 4]);
            c4 = s.fma(ba, c4);
            s = FloatVector.broadcast(FLOATS, a[i + 5]);
            c5 = s.fma(ba, c5);
            s = FloatVector.broadcast(FLOATS, a[i + 6]);
            c6 = s.fma(ba, c6);
            s = FloatVector.broadcast(FLOATS, a[i + 7]);
            c7 = s.fma(ba, c7);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + WIDTH);
        c2.intoArray(c, co + 2 * WIDTH);
        c3.intoArray(c, co + 3 * WIDTH);
        c4.intoArray(c, co + 4 * WIDTH);
        c5.intoArray(c, co + 5 * WIDTH);
        c6.intoArray(c, co + 6 * WIDTH);
        c7.intoArray(c, co + 7 * WIDTH);
    }

    private static void rows8(
            float[] a, int ao, int stride, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0a = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c0b = FloatVector.fromArray(FLOATS, init, io + LANES);
        FloatVector c1a = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c1b = FloatVector.fromArray(FLOATS, init, io + WIDTH + LANES);
        FloatVector c2a = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c2b = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH + LANES);
        FloatVector c3a = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c3b = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH + LANES);
        FloatVector c4a = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH);
        FloatVector c4b = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH + LANES);
        FloatVector c5a = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH);
        FloatVector c5b = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH + LANES);
        FloatVector c6a = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH);
        FloatVector c6b = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH + LANES);
        FloatVector c7a = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH);
        FloatVector c7b = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH + LANES);
        for (int k = 0; k < depth; k++) {
            int i = ao + (k >>> SHIFT) * stride + (k & (WIDTH - 1));
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH + LANES);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0a = s.fma(ba, c0a);
            c0b = s.fma(bb, c0b);
            s = FloatVector.broadcast(FLOATS, a[i + WIDTH]);
            c1a = s.fma(ba, c1a);
            c1b = s.fma(bb, c1b);
            s = FloatVector.broadcast(FLOATS, a[i + 2 * WIDTH]);
            c2a = s.fma(ba, c2a);
            c2b = s.fma(bb, c2b);
            s = FloatVector.broadcast(FLOATS, a[i + 3 * WIDTH]);
            c3a = s.fma(ba, c3a);
            c3b = s.fma(bb, c3b);
            s = FloatVector.broadcast(FLOATS, a[i + 4 * WIDTH]);
            c4a = s.fma(ba, c4a);
            c4b = s.fma(bb, c4b);
            s = FloatVector.broadcast(FLOATS, a[i + 5 * WIDTH]);
            c5a = s.fma(ba, c5a);
            c5b = s.fma(bb, c5b);
            s = FloatVector.broadcast(FLOATS, a[i + 6 * WIDTH]);
            c6a = s.fma(ba, c6a);
            c6b = s.fma(bb, c6b);
            s = FloatVector.broadcast(FLOATS, a[i + 7 * WIDTH]);
            c7a = s.fma(ba, c7a);
            c7b = s.fma(bb, c7b);
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
        c1a.intoArray(c, co + WIDTH);
        c1b.intoArray(c, co + WIDTH + LANES);
        c2a.intoArray(c, co + 2 * WIDTH);
        c2b.intoArray(c, co + 2 * WIDTH + LANES);
        c3a.intoArray(c, co + 3 * WIDTH);
        c3b.intoArray(c, co + 3 * WIDTH + LANES);
        c4a.intoArray(c, co + 4 * WIDTH);
        c4b.intoArray(c, co + 4 * WIDTH + LANES);
        c5a.intoArray(c, co + 5 * WIDTH);
        c5b.intoArray(c, co + 5 * WIDTH + LANES);
        c6a.intoArray(c, co + 6 * WIDTH);
        c6b.intoArray(c, co + 6 * WIDTH + LANES);
        c7a.intoArray(c, co + 7 * WIDTH);
        c7b.intoArray(c, co + 7 * WIDTH + LANES);
    }

    private static void rows4(
            float[] a, int ao, int stride, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0a = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c0b = FloatVector.fromArray(FLOATS, init, io + LANES);
        FloatVector c1a = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c1b = FloatVector.fromArray(FLOATS, init, io + WIDTH + LANES);
        FloatVector c2a = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c2b = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH + LANES);
        FloatVector c3a = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c3b = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH + LANES);
        for (int k = 0; k < depth; k++) {
            int i = ao + (k >>> SHIFT) * stride + (k & (WIDTH - 1));
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH + LANES);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0a = s.fma(ba, c0a);
            c0b = s.fma(bb, c0b);
            s = FloatVector.broadcast(FLOATS, a[i + WIDTH]);
            c1a = s.fma(ba, c1a);
            c1b = s.fma(bb, c1b);
            s = FloatVector.broadcast(FLOATS, a[i + 2 * WIDTH]);
            c2a = s.fma(ba, c2a);
            c2b = s.fma(bb, c2b);
            s = FloatVector.broadcast(FLOATS, a[i + 3 * WIDTH]);
            c3a = s.fma(ba, c3a);
            c3b = s.fma(bb, c3b);
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
        c1a.intoArray(c, co + WIDTH);
        c1b.intoArray(c, co + WIDTH + LANES);
        c2a.intoArray(c, co + 2 * WIDTH);
        c2b.intoArray(c, co + 2 * WIDTH + LANES);
        c3a.intoArray(c, co + 3 * WIDTH);
        c3b.intoArray(c, co + 3 * WIDTH + LANES);
    }

    private static void columns8(
            float[] a, int ao, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0a = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c0b = FloatVector.fromArray(FLOATS, init, io + LANES);
        FloatVector c1a = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c1b = FloatVector.fromArray(FLOATS, init, io + WIDTH + LANES);
        FloatVector c2a = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c2b = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH + LANES);
        FloatVector c3a = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c3b = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH + LANES);
        FloatVector c4a = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH);
        FloatVector c4b = FloatVector.fromArray(FLOATS, init, io + 4 * WIDTH + LANES);
        FloatVector c5a = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH);
        FloatVector c5b = FloatVector.fromArray(FLOATS, init, io + 5 * WIDTH + LANES);
        FloatVector c6a = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH);
        FloatVector c6b = FloatVector.fromArray(FLOATS, init, io + 6 * WIDTH + LANES);
        FloatVector c7a = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH);
        FloatVector c7b = FloatVector.fromArray(FLOATS, init, io + 7 * WIDTH + LANES);
        for (int k = 0; k < depth; k++) {
            int i = ao + k * WIDTH;
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH + LANES);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0a = s.fma(ba, c0a);
            c0b = s.fma(bb, c0b);
            s = FloatVector.broadcast(FLOATS, a[i + 1]);
            c1a = s.fma(ba, c1a);
            c1b = s.fma(bb, c1b);
            s = FloatVector.broadcast(FLOATS, a[i + 2]);
            c2a = s.fma(ba, c2a);
            c2b = s.fma(bb, c2b);
            s = FloatVector.broadcast(FLOATS, a[i + 3]);
            c3a = s.fma(ba, c3a);
            c3b = s.fma(bb, c3b);
            s = FloatVector.broadcast(FLOATS, a[i + 4]);
            c4a = s.fma(ba, c4a);
            c4b = s.fma(bb, c4b);
            s = FloatVector.broadcast(FLOATS, a[i + 5]);
            c5a = s.fma(ba, c5a);
            c5b = s.fma(bb, c5b);
            s = FloatVector.broadcast(FLOATS, a[i + 6]);
            c6a = s.fma(ba, c6a);
            c6b = s.fma(bb, c6b);
            s = FloatVector.broadcast(FLOATS, a[i + 7]);
            c7a = s.fma(ba, c7a);
            c7b = s.fma(bb, c7b);
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
        c1a.intoArray(c, co + WIDTH);
        c1b.intoArray(c, co + WIDTH + LANES);
        c2a.intoArray(c, co + 2 * WIDTH);
        c2b.intoArray(c, co + 2 * WIDTH + LANES);
        c3a.intoArray(c, co + 3 * WIDTH);
        c3b.intoArray(c, co + 3 * WIDTH + LANES);
        c4a.intoArray(c, co + 4 * WIDTH);
        c4b.intoArray(c, co + 4 * WIDTH + LANES);
        c5a.intoArray(c, co + 5 * WIDTH);
        c5b.intoArray(c, co + 5 * WIDTH + LANES);
        c6a.intoArray(c, co + 6 * WIDTH);
        c6b.intoArray(c, co + 6 * WIDTH + LANES);
        c7a.intoArray(c, co + 7 * WIDTH);
        c7b.intoArray(c, co + 7 * WIDTH + LANES);
    }

    private static void columns4(
            float[] a, int ao, float[] b, int bo, int depth, float[] init, int io, float[] c, int co) {
        FloatVector c0a = FloatVector.fromArray(FLOATS, init, io);
        FloatVector c0b = FloatVector.fromArray(FLOATS, init, io + LANES);
        FloatVector c1a = FloatVector.fromArray(FLOATS, init, io + WIDTH);
        FloatVector c1b = FloatVector.fromArray(FLOATS, init, io + WIDTH + LANES);
        FloatVector c2a = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH);
        FloatVector c2b = FloatVector.fromArray(FLOATS, init, io + 2 * WIDTH + LANES);
        FloatVector c3a = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH);
        FloatVector c3b = FloatVector.fromArray(FLOATS, init, io + 3 * WIDTH + LANES);
        for (int k = 0; k < depth; k++) {
            int i = ao + k * WIDTH;
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bo + k * WIDTH + LANES);
            FloatVector s = FloatVector.broadcast(FLOATS, a[i]);
            c0a = s.fma(ba, c0a);
            c0b = s.fma(bb, c0b);
            s = FloatVector.broadcast(FLOATS, a[i + 1]);
            c1a = s.fma(ba, c1a);
            c1b = s.fma(bb, c1b);
            s = FloatVector.broadcast(FLOATS, a[i + 2]);
            c2a = s.fma(ba, c2a);
            c2b = s.fma(bb, c2b);
            s = FloatVector.broadcast(FLOATS, a[i + 3]);
            c3a = s.fma(ba, c3a);
            c3b = s.fma(bb, c3b);
        }
        c0a.intoArray(c, co);
        c0b.intoArray(c, co + LANES);
        c1a.intoArray(c, co + WIDTH);
        c1b.intoArray(c, co + WIDTH + LANES);
        c2a.intoArray(c, co + 2 * WIDTH);
        c2b.intoArray(c, co + 2 * WIDTH + LANES);
        c3a.intoArray(c, co + 3 * WIDTH);
        c3b.intoArray(c, co + 3 * WIDTH + LANES);
    }
}
