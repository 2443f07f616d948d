package io.github.slicedscore.exchange;

import io.github.slicedscore.exchange.OnnxArray.Element;
import io.github.slicedscore.math.Erf;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Computes a graph of ONNX by the operators' documentation, in double precision but where the graph casts. It knows the operators
 * that exported graphs use, checks types and shapes, and throws at anything else.
 */
final class OnnxEvaluator {
    private OnnxEvaluator() {}

    /** All values by name. */
    static Map<String, OnnxArray> evaluate(OnnxFile file, Map<String, OnnxArray> inputs) {
        Map<String, OnnxArray> values = new HashMap<>(file.constants());
        values.putAll(inputs);
        for (OnnxFile.Node node : file.nodes()) {
            OnnxArray[] from = node.inputs().stream()
                    .map(name -> {
                        if (!values.containsKey(name)) {
                            throw new AssertionError(node + " takes '" + name + "' before there is any");
                        }
                        return values.get(name);
                    })
                    .toArray(OnnxArray[]::new);
            if (values.put(node.output(), apply(node, from)) != null) {
                throw new AssertionError("two values are called '" + node.output() + "'");
            }
        }
        return values;
    }

    private static OnnxArray apply(OnnxFile.Node node, OnnxArray[] from) {
        Map<String, Long> attributes = new HashMap<>(node.attributes());
        OnnxArray a = from[0];
        OnnxArray result =
                switch (node.operator()) {
                    case "Cast" -> a.to(Element.of(attributes.remove("to")));
                    case "Add" -> a.combine(from[1], Double::sum);
                    case "Sub" -> a.combine(from[1], (x, y) -> x - y);
                    case "Mul" -> a.combine(from[1], (x, y) -> x * y);
                    case "Div" -> a.combine(from[1], (x, y) -> x / y);
                    case "Min" -> a.combine(from[1], Math::min);
                    case "Greater" -> truth(a, from[1], (x, y) -> x > y ? 1 : 0);
                    case "Gemm" -> gemm(from, attributes);
                    case "MatMul" -> product(a, from[1], false);
                    case "Softplus" -> real(a).map(x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
                    case "Sigmoid" -> real(a).map(x -> 1 / (1 + Math.exp(-x)));
                    case "Tanh" -> real(a).map(Math::tanh);
                    case "Erf" -> real(a).map(Erf::erf);
                    case "Exp" -> real(a).map(Math::exp);
                    case "Log" -> real(a).map(Math::log);
                    case "Sqrt" -> real(a).map(Math::sqrt);
                    case "Sin" -> real(a).map(Math::sin);
                    case "Cos" -> real(a).map(Math::cos);
                    case "Elu" -> real(a).map(x -> x > 0 ? x : Math.expm1(x));
                    case "Relu" -> real(a).map(x -> Math.max(x, 0));
                    case "Concat" -> concat(from, attributes);
                    case "Slice" -> slice(a, whole(from[1]), whole(from[2]), whole(from[3]));
                    case "ReduceSum" -> sum(a, whole(from[1]), attributes);
                    case "Squeeze" -> {
                        requireColumns(whole(from[1]), a.columns() == 1);
                        yield new OnnxArray(a.type(), new int[] {a.rows()}, a.values());
                    }
                    case "Unsqueeze" -> {
                        requireColumns(whole(from[1]), a.shape().length == 1);
                        yield new OnnxArray(a.type(), new int[] {a.columns(), 1}, a.values());
                    }
                    case "Shape" ->
                        new OnnxArray(
                                Element.INT64,
                                new int[] {a.shape().length},
                                Arrays.stream(a.shape()).asDoubleStream().toArray());
                    case "Expand" -> expand(a, from[1]);
                    default -> throw new AssertionError("operator " + node.operator());
                };
        if (!attributes.isEmpty()) {
            throw new AssertionError(node.operator() + " with " + attributes);
        }
        return result;
    }

    private static OnnxArray real(OnnxArray a) {
        if (a.type() != Element.FLOAT && a.type() != Element.DOUBLE) {
            throw new AssertionError("an operator of real numbers on " + a.type());
        }
        return a;
    }

    private static OnnxArray truth(OnnxArray a, OnnxArray b, DoubleBinaryOperator operator) {
        OnnxArray result = a.combine(b, operator);
        return new OnnxArray(Element.BOOL, result.shape(), result.values());
    }

    private static OnnxArray gemm(OnnxArray[] from, Map<String, Long> attributes) {
        Long transposed = attributes.remove("transB");
        OnnxArray product = product(from[0], from[1], transposed != null && transposed == 1);
        return from.length == 2 ? product : product.combine(from[2], Double::sum);
    }

    private static OnnxArray product(OnnxArray a, OnnxArray b, boolean transposed) {
        int inner = transposed ? b.columns() : b.rows();
        if (a.type() != b.type() || a.shape().length != 2 || b.shape().length != 2 || a.columns() != inner) {
            throw new AssertionError("a product of " + a + " and " + b);
        }
        OnnxArray result = OnnxArray.matrix(a.type(), a.rows(), transposed ? b.rows() : b.columns());
        for (int row = 0; row < result.rows(); row++) {
            for (int column = 0; column < result.columns(); column++) {
                double sum = 0;
                for (int i = 0; i < inner; i++) {
                    sum += a.get(row, i) * (transposed ? b.get(column, i) : b.get(i, column));
                }
                result.values()[row * result.columns() + column] = sum;
            }
        }
        return result;
    }

    private static OnnxArray concat(OnnxArray[] from, Map<String, Long> attributes) {
        requireColumns(attributes.remove("axis").intValue(), true);
        OnnxArray result = OnnxArray.matrix(
                from[0].type(),
                from[0].rows(),
                Arrays.stream(from).mapToInt(OnnxArray::columns).sum());
        int offset = 0;
        for (OnnxArray part : from) {
            if (part.type() != result.type() || part.rows() != result.rows() || part.shape().length != 2) {
                throw new AssertionError(part + " beside " + from[0]);
            }
            for (int row = 0; row < part.rows(); row++) {
                System.arraycopy(
                        part.values(),
                        row * part.columns(),
                        result.values(),
                        row * result.columns() + offset,
                        part.columns());
            }
            offset += part.columns();
        }
        return result;
    }

    private static OnnxArray slice(OnnxArray a, int from, int to, int axis) {
        requireColumns(axis, a.shape().length == 2 && from >= 0 && from < to && to <= a.columns());
        OnnxArray result = OnnxArray.matrix(a.type(), a.rows(), to - from);
        for (int row = 0; row < a.rows(); row++) {
            System.arraycopy(a.values(), row * a.columns() + from, result.values(), row * (to - from), to - from);
        }
        return result;
    }

    private static OnnxArray sum(OnnxArray a, int axis, Map<String, Long> attributes) {
        requireColumns(axis, attributes.remove("keepdims") == 1);
        OnnxArray result = OnnxArray.matrix(a.type(), a.rows(), 1);
        for (int row = 0; row < a.rows(); row++) {
            for (int column = 0; column < a.columns(); column++) {
                result.values()[row] += a.get(row, column);
            }
        }
        return result;
    }

    private static OnnxArray expand(OnnxArray a, OnnxArray shape) {
        if (shape.type() != Element.INT64 || shape.values().length != 2) {
            throw new AssertionError("a shape " + shape);
        }
        OnnxArray like = OnnxArray.matrix(a.type(), (int) shape.values()[0], (int) shape.values()[1]);
        return a.combine(like, (x, y) -> x);
    }

    private static int whole(OnnxArray one) {
        if (one.type() != Element.INT64 || one.shape().length != 1 || one.values().length != 1) {
            throw new AssertionError("not a vector of one whole number: " + one);
        }
        return (int) one.values()[0];
    }

    private static void requireColumns(int axis, boolean fits) {
        if (axis != 1 || !fits) {
            throw new AssertionError("axis " + axis + ", or a shape that does not go with it");
        }
    }
}
