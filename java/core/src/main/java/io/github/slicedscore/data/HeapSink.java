package io.github.slicedscore.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects rows on the heap. */
final class HeapSink implements RowSink {
    /** Most numbers of a piece: arrays of a megabyte and more, some garbage collectors round up to whole megabytes. */
    private static final int PIECE = 1 << 15;

    private static final int FEWEST_ROWS = 64;

    /** By how much an estimate must exceed what there is room for: it may be off, and then the work would have gone well. */
    private static final double MARGIN = 1.25;

    private final Path path;
    private final List<String> columns;
    private final int width;
    private final int shift;
    private final List<double[]> full = new ArrayList<>();
    private double[] piece;
    private int pieceRows;
    private int rows;

    HeapSink(Path path, List<String> columns) {
        this.path = path;
        this.columns = columns;
        this.width = columns.size();
        this.shift = 31 - Integer.numberOfLeadingZeros(Math.max(1, PIECE / width));
        this.piece = new double[Math.min(FEWEST_ROWS, 1 << shift) * width];
    }

    @Override
    public void add(double[] values, int count) throws MalformedDataException {
        int done = 0;
        while (done < count) {
            if (rows == Integer.MAX_VALUE) {
                throw tooManyRows();
            }
            int some = Math.min(Math.min(count - done, room()), Integer.MAX_VALUE - rows);
            System.arraycopy(values, done * width, piece, pieceRows * width, some * width);
            pieceRows += some;
            rows += some;
            done += some;
        }
    }

    /** Rows that the piece has room for, at least one. */
    private int room() {
        int capacity = piece.length / width;
        if (pieceRows == capacity && capacity < 1 << shift) {
            piece = Arrays.copyOf(piece, 2 * piece.length);
        } else if (pieceRows == capacity) {
            full.add(piece);
            piece = new double[piece.length];
            pieceRows = 0;
        }
        return piece.length / width - pieceRows;
    }

    @Override
    public void expect(long expected) throws MalformedDataException {
        if (expected > MARGIN * Integer.MAX_VALUE) {
            throw tooManyRows();
        }
        double bytes = (double) expected * width * Double.BYTES;
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > MARGIN * most) {
            throw new MalformedDataException(
                    ("%s holds about %d rows of %d numbers, which take %.1f GB of memory, and Java has %.1f GB; allow it"
                                    + " more with -Xmx, keep fewer columns, or make a file of it with 'slicedscore"
                                    + " convert', which takes no memory when it is read")
                            .formatted(path, expected, width, bytes / 1e9, most / 1e9));
        }
    }

    private MalformedDataException tooManyRows() {
        return new MalformedDataException(path + " has more than 2^31 rows, which are too many; split it");
    }

    Dataset dataset() {
        // Where there are several pieces, all are of the same size but the last.
        full.add(Arrays.copyOf(piece, pieceRows * width));
        return Dataset.of(columns, new HeapValues(full.toArray(double[][]::new), shift, rows, width));
    }
}
