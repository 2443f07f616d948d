package io.github.slicedscore.internal.cuda;

import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Addresses of the caller's pointers. */
final class DevicePointers {
    private DevicePointers() {}

    /** A stream's; null is the legacy default stream. */
    static long stream(@Nullable Pointer stream) {
        return stream == null ? 0 : stream.address();
    }

    /**
     * The address that a pointer to floats points at, its position included.
     *
     * @param what its name, for the message
     * @param pointer the pointer, or null
     * @param rows number of rows it has to hold
     * @param width floats a row
     * @return 0 for null
     * @throws IllegalArgumentException if its limit leaves too little, its elements are no floats, or no memory holds as many
     */
    static long address(String what, @Nullable Pointer pointer, long rows, long width) {
        if (pointer == null) {
            return 0;
        }
        int size = pointer.sizeof();
        if (size != 1 && size != Float.BYTES) {
            throw new IllegalArgumentException(what + " are floats, but a "
                    + pointer.getClass().getSimpleName() + " has elements of " + size + " bytes");
        }
        long wanted = bytes(what, rows, width);
        long held = pointer.limit() - pointer.position();
        if (pointer.limit() > 0 && held < wanted / size) {
            throw new IllegalArgumentException(what + " of " + rows + " rows need " + rows * width
                    + " floats, but from its position on the pointer has " + held * size / Float.BYTES);
        }
        return pointer.address() + pointer.position() * size;
    }

    private static long bytes(String what, long rows, long width) {
        try {
            return Math.multiplyExact(rows, Math.multiplyExact(width, Float.BYTES));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    what + " of " + rows + " rows of " + width + " floats are more than any memory holds", e);
        }
    }
}
