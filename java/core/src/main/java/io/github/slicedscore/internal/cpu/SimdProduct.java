package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.SHIFT;
import static io.github.slicedscore.internal.cpu.Panels.WIDTH;

/** Products of matrices in panels: one panel of the result, tile by tile. */
final class SimdProduct {
    /** Terms that are added to a tile before the next tile's turn: both factors' parts stay in the first-level cache. */
    private static final int DEPTH = 256;

    private SimdProduct() {}

    /**
     * Rows of a panel: c = init + a b.
     *
     * @param a left factor
     * @param firstRow first row of a
     * @param rows number of rows
     * @param b a panel of the right factor
     * @param depth number of terms
     * @param init what tiles begin with, rows of a panel that repeat; or c, for what stands there
     * @param period after how many rows they do
     * @param c where the panel is that the result goes to
     * @param co where its first row begins
     * @param narrow whether the panel's first vector is enough
     */
    static void rows(
            Panels a,
            int firstRow,
            int rows,
            float[] b,
            int depth,
            float[] init,
            int period,
            float[] c,
            int co,
            boolean narrow) {
        for (int k = 0; k < depth; k += DEPTH) {
            int terms = Math.min(DEPTH, depth - k);
            int ao = (k >>> SHIFT) * a.stride + firstRow * WIDTH;
            int bo = k * WIDTH;
            boolean again = k > 0 || init == c;
            float[] start = again ? c : init;
            int q = 0;
            for (; q + SimdTile.ROWS <= rows; q += SimdTile.ROWS) {
                int io = again ? co + q * WIDTH : q % period * WIDTH;
                if (narrow) {
                    SimdTile.narrowRows(a.data, ao + q * WIDTH, a.stride, b, bo, terms, start, io, c, co + q * WIDTH);
                } else {
                    SimdTile.rows(a.data, ao + q * WIDTH, a.stride, b, bo, terms, start, io, c, co + q * WIDTH);
                }
            }
            for (; q < rows; q++) {
                int io = again ? co + q * WIDTH : q % period * WIDTH;
                SimdTile.row(a.data, ao + q * WIDTH, a.stride, b, bo, terms, start, io, c, co + q * WIDTH);
            }
        }
    }

    /**
     * A panel of a product over rows: sum = a' b, or sum += a' b.
     *
     * @param a left factor, from row 0
     * @param columns how many columns it has
     * @param b right factor, from row 0
     * @param panel which panel of it
     * @param rows number of terms
     * @param add whether to add to what stands in the sum
     * @param narrow whether the panel's first vector is enough
     * @param sum rows of a panel, one for each column of a, up to a multiple of a tile's
     */
    static void columns(
            Panels a, int columns, Panels b, int panel, int rows, boolean add, boolean narrow, float[] sum) {
        for (int r = 0; r < rows; r += DEPTH) {
            int terms = Math.min(DEPTH, rows - r);
            int bo = panel * b.stride + r * WIDTH;
            boolean again = add || r > 0;
            for (int k = 0; k < columns; k += SimdTile.ROWS) {
                int ao = (k >>> SHIFT) * a.stride + r * WIDTH + (k & (WIDTH - 1));
                int co = k * WIDTH;
                float[] init = again ? sum : SimdTile.ZERO;
                int io = again ? co : 0;
                if (narrow) {
                    SimdTile.narrowColumns(a.data, ao, b.data, bo, terms, init, io, sum, co);
                } else {
                    SimdTile.columns(a.data, ao, b.data, bo, terms, init, io, sum, co);
                }
            }
        }
    }
}
