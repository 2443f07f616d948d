package io.github.slicedscore.exchange;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** An array of up to two extents, row-major; its numbers are kept in double precision whatever its type. */
record OnnxArray(Element type, int[] shape, double[] values) {
    enum Element {
        FLOAT(1),
        INT64(7),
        BOOL(9),
        DOUBLE(11);

        private final long number;

        Element(long number) {
            this.number = number;
        }

        static Element of(long number) {
            return Arrays.stream(values())
                    .filter(type -> type.number == number)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("element type " + number));
        }
    }

    OnnxArray {
        if (shape.length > 2 || Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
            throw new AssertionError(values.length + " numbers in the shape " + Arrays.toString(shape));
        }
    }

    static OnnxArray matrix(Element type, int rows, int columns) {
        return new OnnxArray(type, new int[] {rows, columns}, new double[rows * columns]);
    }

    int rows() {
        return shape.length == 2 ? shape[0] : 1;
    }

    int columns() {
        return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    double get(int row, int column) {
        return values[row * columns() + column];
    }

    /** Rounds to single precision where the type is that. */
    OnnxArray to(Element wanted) {
        return new OnnxArray(
                wanted,
                shape,
                wanted == Element.FLOAT
                        ? Arrays.stream(values).map(value -> (float) value).toArray()
                        : values);
    }

    OnnxArray map(DoubleUnaryOperator operator) {
        return new OnnxArray(type, shape, Arrays.stream(values).map(operator).toArray());
    }

    /** Of two arrays of one type, extents of 1 repeated. */
    OnnxArray combine(OnnxArray other, DoubleBinaryOperator operator) {
        if (type != other.type) {
            throw new AssertionError("an operator of " + type + " and " + other.type);
        }
        int extents = Math.max(shape.length, other.shape.length);
        OnnxArray result = matrix(type, broadcast(rows(), other.rows()), broadcast(columns(), other.columns()));
        for (int row = 0; row < result.rows(); row++) {
            for (int column = 0; column < result.columns(); column++) {
                result.values[row * result.columns() + column] = operator.applyAsDouble(
                        get(row % rows(), column % columns()), other.get(row % other.rows(), column % other.columns()));
            }
        }
        int[] outer = Arrays.copyOfRange(result.shape, 2 - extents, 2);
        return new OnnxArray(type, outer, result.values);
    }

    private static int broadcast(int one, int other) {
        if (one != other && one != 1 && other != 1) {
            throw new AssertionError("extents of " + one + " and " + other);
        }
        return Math.max(one, other);
    }
}
