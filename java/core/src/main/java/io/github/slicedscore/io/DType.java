package io.github.slicedscore.io;

/** The element types of tensors that this library reads and writes; the names are those in the file. */
public enum DType {
    /** 32-bit floating point. */
    F32(4),
    /** 64-bit floating point. */
    F64(8),
    /** 16-bit floating point of IEEE 754: 5 bits of exponent, 10 of fraction. */
    F16(2),
    /** The first 16 bits of a 32-bit floating point: 8 bits of exponent, 7 of fraction. */
    BF16(2),
    /** 64-bit signed integer. */
    I64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Size of one element.
     *
     * @return number of bytes
     */
    public int bytes() {
        return bytes;
    }
}
