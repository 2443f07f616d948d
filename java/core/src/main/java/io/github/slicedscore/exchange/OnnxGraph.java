package io.github.slicedscore.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A graph of ONNX while it is built: nodes in the order of computation, the numbers that they need, inputs and outputs. What a
 * node gives has a name, by which later nodes take it.
 *
 * <p>Field numbers are those of {@code onnx.proto}.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">The schema</a>
 */
final class OnnxGraph {
    /** Element types of {@code TensorProto.DataType}. */
    enum Element {
        FLOAT(1),
        INT64(7),
        DOUBLE(11);

        final int number;

        Element(int number) {
            this.number = number;
        }
    }

    /** The batch's size, which a graph leaves open. */
    private static final String ROWS = "N";

    private static final int ATTRIBUTE_INT = 2;

    private final Protobuf nodes = new Protobuf();
    private final Protobuf initializers = new Protobuf();
    private final Protobuf inputs = new Protobuf();
    private final Protobuf outputs = new Protobuf();
    private final Set<String> names = new HashSet<>();

    /** Adds an input of shape [N], or [N, width] where a width is given. */
    String input(String name, String meaning, int... width) {
        names.add(name);
        inputs.message(11, value(name, meaning, width));
        return name;
    }

    /** Adds an output, which a node has given already, of shape [N], or [N, width]. */
    void output(String name, String meaning, int... width) {
        outputs.message(12, value(name, meaning, width));
    }

    /** ValueInfoProto. */
    private static Protobuf value(String name, String meaning, int... width) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, ROWS));
        for (int extent : width) {
            shape.message(1, new Protobuf().integer(1, extent));
        }
        Protobuf tensor = new Protobuf().integer(1, Element.FLOAT.number).message(2, shape);
        return new Protobuf()
                .text(1, name)
                .message(2, new Protobuf().message(1, tensor))
                .text(3, meaning);
    }

    /** Adds single-precision numbers. */
    String floats(String name, float[] values, int... shape) {
        byte[] data = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        littleEndian(data).asFloatBuffer().put(values);
        return tensor(name, Element.FLOAT, data, shape);
    }

    /** Adds double-precision numbers. */
    String doubles(String name, double[] values, int... shape) {
        byte[] data = new byte[Math.multiplyExact(values.length, Double.BYTES)];
        littleEndian(data).asDoubleBuffer().put(values);
        return tensor(name, Element.DOUBLE, data, shape);
    }

    /** Adds whole numbers: a vector. */
    String longs(String name, long... values) {
        byte[] data = new byte[Math.multiplyExact(values.length, Long.BYTES)];
        littleEndian(data).asLongBuffer().put(values);
        return tensor(name, Element.INT64, data, values.length);
    }

    private static ByteBuffer littleEndian(byte[] data) {
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A number of single precision. */
    String single(String name, double value) {
        return floats(name, new float[] {(float) value});
    }

    /** A number of double precision. */
    String wide(String name, double value) {
        return doubles(name, new double[] {value});
    }

    /** TensorProto; one of this name is there once. */
    private String tensor(String name, Element type, byte[] data, int... shape) {
        if (names.add(name)) {
            Protobuf tensor = new Protobuf();
            for (int extent : shape) {
                tensor.integer(1, extent);
            }
            initializers.message(5, tensor.integer(2, type.number).text(8, name).bytes(9, data));
        }
        return name;
    }

    /**
     * Adds a node.
     *
     * @param operator of ONNX
     * @param result name of what it gives; where it is taken, a number is added
     * @param from names of what it takes
     * @return the name of what it gives
     */
    String node(String operator, String result, String... from) {
        return node(operator, result, Map.of(), from);
    }

    /** Adds a node with attributes that are whole numbers. */
    String node(String operator, String result, Map<String, Integer> attributes, String... from) {
        String name = result;
        for (int i = 2; !names.add(name); i++) {
            name = result + "_" + i;
        }
        Protobuf node = new Protobuf();
        for (String taken : from) {
            node.text(1, taken);
        }
        node.text(2, name).text(3, name + "/" + operator).text(4, operator);
        new TreeMap<>(attributes)
                .forEach((attribute, value) -> node.message(
                        5, new Protobuf().text(1, attribute).integer(3, value).integer(20, ATTRIBUTE_INT)));
        nodes.message(1, node);
        return name;
    }

    /** Numbers in another type. */
    String cast(String from, Element to, String result) {
        return node("Cast", result, Map.of("to", to.number), from);
    }

    /** Columns from .. to-1 of a matrix. */
    String columns(String matrix, int from, int to, String result) {
        return node(
                "Slice",
                result,
                matrix,
                longs("column." + from, from),
                longs("column." + to, to),
                longs("axis.columns", 1));
    }

    /** GraphProto. */
    Protobuf toMessage(String name) {
        return new Protobuf()
                .append(nodes)
                .text(2, name)
                .append(initializers)
                .append(inputs)
                .append(outputs);
    }
}
