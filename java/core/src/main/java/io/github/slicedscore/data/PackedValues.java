package io.github.slicedscore.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a binary file as they lie there: mapped into memory, where the system reads what is asked for and keeps what it has
 * room for, or unpacked onto the heap.
 */
final class PackedValues implements Values {
    /** Numbers a piece are 2^SHIFT: few enough for a buffer, and for one to be unpacked beside the others. */
    private static final int SHIFT = 24;

    private static final int MASK = (1 << SHIFT) - 1;

    private final MatrixLayout layout;
    private final NumberType type;
    private final int bytes;
    private final int width;
    private final long rowStride;
    private final long columnStride;
    private final ByteBuffer[] pieces;

    private PackedValues(MatrixLayout layout, ByteBuffer[] pieces) {
        this.layout = layout;
        this.type = layout.type();
        this.bytes = type.bytes();
        this.width = layout.columns().size();
        this.rowStride = layout.columnMajor() ? 1 : width;
        this.columnStride = layout.columnMajor() ? layout.rows() : 1;
        this.pieces = pieces;
        for (ByteBuffer piece : pieces) {
            piece.order(layout.order());
        }
    }

    /** Maps a file that is as long as its layout says. */
    static PackedValues map(Path path, MatrixLayout layout) throws IOException {
        ByteBuffer[] pieces = new ByteBuffer[pieces(layout)];
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (int i = 0; i < pieces.length; i++) {
                long first = (long) i << SHIFT;
                long at = layout.offset() + first * layout.type().bytes();
                pieces[i] = channel.map(FileChannel.MapMode.READ_ONLY, at, length(layout, i));
            }
        }
        return new PackedValues(layout, pieces);
    }

    /**
     * Reads numbers from a stream that stands at the first of them. Memory is taken as they come, not as a head promises.
     *
     * @return null if the stream ends too early
     */
    static @Nullable PackedValues read(InputStream content, MatrixLayout layout) throws IOException {
        List<ByteBuffer> pieces = new ArrayList<>();
        while (pieces.size() < pieces(layout)) {
            int length = length(layout, pieces.size());
            byte[] piece = content.readNBytes(length);
            if (piece.length < length) {
                return null;
            }
            pieces.add(ByteBuffer.wrap(piece));
        }
        return new PackedValues(layout, pieces.toArray(ByteBuffer[]::new));
    }

    private static int pieces(MatrixLayout layout) {
        return Math.toIntExact((layout.numbers() + MASK) >> SHIFT);
    }

    private static int length(MatrixLayout layout, int piece) {
        long left = layout.numbers() - ((long) piece << SHIFT);
        return (int) Math.min(left, 1L << SHIFT) * layout.type().bytes();
    }

    @Override
    public int rows() {
        return layout.rows();
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public double get(int row, int column) {
        return at(row * rowStride + column * columnStride);
    }

    @Override
    public void copyRow(int row, double[] into, int offset) {
        long index = row * rowStride;
        for (int i = 0; i < width; i++) {
            into[offset + i] = at(index);
            index += columnStride;
        }
    }

    @Override
    public void copyRows(int first, int count, double[] into, int offset) {
        if (layout.columnMajor()) {
            Values.super.copyRows(first, count, into, offset);
            return;
        }
        long index = first * rowStride;
        int numbers = count * width;
        for (int done = 0; done < numbers; ) {
            int at = (int) (index & MASK);
            int inPiece = Math.min(numbers - done, MASK + 1 - at);
            type.copy(pieces[(int) (index >> SHIFT)], at * bytes, into, offset + done, inPiece);
            index += inPiece;
            done += inPiece;
        }
    }

    private double at(long index) {
        return type.get(pieces[(int) (index >> SHIFT)], (int) (index & MASK) * bytes);
    }
}
