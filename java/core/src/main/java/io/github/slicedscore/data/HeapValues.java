package io.github.slicedscore.data;

/**
 * Rows of doubles on the heap, in pieces of 2^shift rows, so that there may be more numbers than an array holds, and none has to
 * be copied to make room for more.
 */
final class HeapValues implements Values {
    /** The shift of rows that lie in one piece. */
    private static final int WHOLE = 31;

    private final double[][] pieces;
    private final int shift;
    private final int mask;
    private final int rows;
    private final int width;

    HeapValues(double[][] pieces, int shift, int rows, int width) {
        this.pieces = pieces;
        this.shift = shift;
        this.mask = (int) ((1L << shift) - 1);
        this.rows = rows;
        this.width = width;
    }

    /** Rows that lie in one array. */
    static HeapValues of(double[] values, int width) {
        return new HeapValues(new double[][] {values}, WHOLE, values.length / width, width);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public double get(int row, int column) {
        return pieces[row >> shift][(row & mask) * width + column];
    }

    @Override
    public void copyRow(int row, double[] into, int offset) {
        System.arraycopy(pieces[row >> shift], (row & mask) * width, into, offset, width);
    }

    @Override
    public void copyRows(int first, int count, double[] into, int offset) {
        for (int done = 0; done < count; ) {
            int row = first + done;
            int inPiece = (int) Math.min(count - done, (1L << shift) - (row & mask));
            System.arraycopy(pieces[row >> shift], (row & mask) * width, into, offset + done * width, inPiece * width);
            done += inPiece;
        }
    }
}
