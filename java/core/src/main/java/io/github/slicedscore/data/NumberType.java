package io.github.slicedscore.data;

import java.nio.ByteBuffer;

/** How a number lies in a file. */
enum NumberType {
    FLOAT32(Float.BYTES),
    FLOAT64(Double.BYTES),
    INT8(Byte.BYTES),
    UINT8(Byte.BYTES),
    INT16(Short.BYTES),
    UINT16(Short.BYTES),
    INT32(Integer.BYTES),
    UINT32(Integer.BYTES),
    INT64(Long.BYTES),
    UINT64(Long.BYTES);

    private final int bytes;

    NumberType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes a number. */
    int bytes() {
        return bytes;
    }

    /** Whether a number may be NaN or infinite. */
    boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The number at a place; whole numbers beyond 2^53 are rounded. */
    double get(ByteBuffer buffer, int at) {
        return switch (this) {
            case FLOAT32 -> buffer.getFloat(at);
            case FLOAT64 -> buffer.getDouble(at);
            case INT8 -> buffer.get(at);
            case UINT8 -> buffer.get(at) & 0xFF;
            case INT16 -> buffer.getShort(at);
            case UINT16 -> buffer.getShort(at) & 0xFFFF;
            case INT32 -> buffer.getInt(at);
            case UINT32 -> buffer.getInt(at) & 0xFFFFFFFFL;
            case INT64 -> buffer.getLong(at);
            case UINT64 -> unsigned(buffer.getLong(at));
        };
    }

    /** Copies neighbouring numbers, from a place on, to an array, from an index on. */
    void copy(ByteBuffer buffer, int at, double[] into, int offset, int count) {
        switch (this) {
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    into[offset + i] = buffer.getFloat(at + Float.BYTES * i);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    into[offset + i] = buffer.getDouble(at + Double.BYTES * i);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into[offset + i] = get(buffer, at + bytes * i);
                }
            }
        }
    }

    private static double unsigned(long value) {
        // The lowest bit takes the place of all that is shifted out, so that the sum rounds as the number itself does.
        return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
    }
}
