package io.github.slicedscore.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * One tensor of a {@link SafeTensors} file: element type, shape and row-major values. Immutable; equal when the bits are.
 */
public final class Tensor {
    /** What the longest array of a JVM holds. */
    static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private final DType dtype;
    private final List<Integer> shape;
    private final byte[] bytes;

    /** Takes the array over; the caller has checked that it is as long as the shape says. */
    Tensor(DType dtype, List<Integer> shape, byte[] bytes) {
        this.dtype = dtype;
        this.shape = List.copyOf(shape);
        this.bytes = bytes;
    }

    /**
     * A tensor of 32-bit numbers.
     *
     * @param values row-major values; copied
     * @param shape its shape, for example (out, in)
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not hold that many values
     */
    public static Tensor of(float[] values, Integer... shape) {
        byte[] bytes = allocate(DType.F32, List.of(shape), values.length);
        littleEndian(bytes).asFloatBuffer().put(values);
        return new Tensor(DType.F32, List.of(shape), bytes);
    }

    /**
     * A tensor of 64-bit numbers.
     *
     * @param values row-major values; copied
     * @param shape its shape
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not hold that many values
     */
    public static Tensor of(double[] values, Integer... shape) {
        byte[] bytes = allocate(DType.F64, List.of(shape), values.length);
        littleEndian(bytes).asDoubleBuffer().put(values);
        return new Tensor(DType.F64, List.of(shape), bytes);
    }

    /**
     * A tensor of integers.
     *
     * @param values row-major values; copied
     * @param shape its shape
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not hold that many values
     */
    public static Tensor of(long[] values, Integer... shape) {
        byte[] bytes = allocate(DType.I64, List.of(shape), values.length);
        littleEndian(bytes).asLongBuffer().put(values);
        return new Tensor(DType.I64, List.of(shape), bytes);
    }

    private static byte[] allocate(DType dtype, List<Integer> shape, int count) {
        long size = 1;
        for (int extent : shape) {
            size = extent < 0 ? -1 : Math.multiplyExact(size, extent);
        }
        if (size != count) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " does not hold " + count + " values");
        }
        if ((long) count * dtype.bytes() > MAX_BYTES) {
            throw new IllegalArgumentException("a tensor holds at most " + MAX_BYTES + " bytes, which " + count
                    + " values of type " + dtype + " exceed");
        }
        return new byte[count * dtype.bytes()];
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The type of the elements.
     *
     * @return which of the accessors below works
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * The extents, outermost first; empty for a scalar.
     *
     * @return immutable list
     */
    public List<Integer> shape() {
        return shape;
    }

    /**
     * Number of elements.
     *
     * @return product of the shape
     */
    public int size() {
        return bytes.length / dtype.bytes();
    }

    /**
     * The values of an F32 tensor.
     *
     * @return a new row-major array
     * @throws IllegalStateException if the type is another
     */
    public float[] floats() {
        float[] values = new float[size()];
        view(DType.F32).asFloatBuffer().get(values);
        return values;
    }

    /**
     * The values of an F64 tensor.
     *
     * @return a new row-major array
     * @throws IllegalStateException if the type is another
     */
    public double[] doubles() {
        double[] values = new double[size()];
        view(DType.F64).asDoubleBuffer().get(values);
        return values;
    }

    /**
     * The values of an I64 tensor.
     *
     * @return a new row-major array
     * @throws IllegalStateException if the type is another
     */
    public long[] longs() {
        long[] values = new long[size()];
        view(DType.I64).asLongBuffer().get(values);
        return values;
    }

    /**
     * The values of a tensor of any type of floating point, exactly.
     *
     * @return a new row-major array
     * @throws IllegalStateException if it holds integers
     */
    public double[] toDoubles() {
        double[] values = new double[size()];
        ByteBuffer view = littleEndian(bytes);
        for (int i = 0; i < values.length; i++) {
            values[i] = next(view);
        }
        return values;
    }

    private double next(ByteBuffer view) {
        return switch (dtype) {
            case F32 -> view.getFloat();
            case F64 -> view.getDouble();
            case F16 -> half(view.getShort());
            case BF16 -> Float.intBitsToFloat(view.getShort() << Short.SIZE);
            case I64 -> throw new IllegalStateException("the tensor holds integers");
        };
    }

    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double size = exponent == 31
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25);
        return bits < 0 ? -size : size;
    }

    /**
     * Whether all values are finite numbers.
     *
     * @return false if any is NaN or infinite
     */
    public boolean isFinite() {
        ByteBuffer view = littleEndian(bytes);
        boolean finite = true;
        while (dtype != DType.I64 && finite && view.hasRemaining()) {
            finite = Double.isFinite(next(view));
        }
        return finite;
    }

    /** The stored bytes themselves, little-endian; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    private ByteBuffer view(DType wanted) {
        if (dtype != wanted) {
            throw new IllegalStateException("the tensor holds " + dtype + ", not " + wanted);
        }
        return littleEndian(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && dtype == that.dtype
                && shape.equals(that.shape)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Tensor[" + dtype + shape + "]";
    }
}
