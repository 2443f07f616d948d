package io.github.slicedscore.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of an IDX file, the format of MNIST: two zero bytes, the type, the number of dimensions, and each of these as 32 bits,
 * all big-endian. The first dimension counts rows. Of images, which have two more, each pixel is a column, r1c1, r1c2, ... by its
 * row and column in the image.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. LeCun, C. Cortes, C. J. C. Burges. The MNIST database of handwritten digits, file formats.</li>
 * </ol>
 */
final class IdxHeader {
    private static final int MOST_DIMENSIONS = 3;

    private IdxHeader() {}

    /** Whether a file that begins so is IDX, a damaged one perhaps; of all texts only UTF-32 begins with two zero bytes. */
    static boolean isMagic(byte[] head) {
        boolean utf32 = head.length >= 4 && (head[2] == 0 || head[2] == (byte) 0xFE);
        return head.length >= 4 && head[0] == 0 && head[1] == 0 && !utf32;
    }

    private static @Nullable NumberType type(byte code) {
        return switch (code) {
            case 0x08 -> NumberType.UINT8;
            case 0x09 -> NumberType.INT8;
            case 0x0B -> NumberType.INT16;
            case 0x0C -> NumberType.INT32;
            case 0x0D -> NumberType.FLOAT32;
            case 0x0E -> NumberType.FLOAT64;
            default -> null;
        };
    }

    /** Reads the head. */
    static MatrixLayout read(HeaderBytes bytes) throws IOException {
        ByteBuffer start = bytes.next(Integer.BYTES, ByteOrder.BIG_ENDIAN);
        NumberType type = type(start.get(2));
        int dimensions = Byte.toUnsignedInt(start.get(3));
        if (type == null) {
            throw bytes.fault(
                    "its third byte is %d, no type of numbers that IDX has".formatted(Byte.toUnsignedInt(start.get(2))),
                    "get the file again, or convert it to CSV or .npy");
        }
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw bytes.fault(
                    "it has " + dimensions + " dimensions, not rows alone, rows of numbers, or images", "reshape it");
        }
        ByteBuffer sizes = bytes.next(dimensions * Integer.BYTES, ByteOrder.BIG_ENDIAN);
        long[] shape = new long[MOST_DIMENSIONS];
        for (int i = 0; i < MOST_DIMENSIONS; i++) {
            shape[i] = i < dimensions ? Integer.toUnsignedLong(sizes.getInt()) : 1;
        }
        // The product of two numbers of 32 bits may not fit into a long; of one and 2^20 it does.
        long width = shape[2] == 0 ? 0 : Math.max(shape[1], Math.min(shape[1], 1 << 20) * shape[2]);
        int columns = BinaryTable.requireSize(bytes, shape[0], width);
        List<String> names = dimensions == MOST_DIMENSIONS
                ? BinaryTable.named(columns, pixel -> "r" + (pixel / shape[2] + 1) + "c" + (pixel % shape[2] + 1))
                : BinaryTable.numbered(columns);
        return new MatrixLayout(names, Math.toIntExact(shape[0]), type, ByteOrder.BIG_ENDIAN, false, bytes.count());
    }
}
