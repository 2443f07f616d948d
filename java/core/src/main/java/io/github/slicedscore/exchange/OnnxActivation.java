package io.github.slicedscore.exchange;

import io.github.slicedscore.model.Activation;
import java.util.function.Supplier;

/**
 * An activation as nodes: its value, and its first derivative for a reverse pass, in single precision. They follow the formulas
 * of {@link Activation} and share what both need.
 *
 * @param value name of act(z)
 * @param derivative adds the nodes of act'(z) and gives its name
 */
record OnnxActivation(String value, Supplier<String> derivative) {
    /**
     * Adds the nodes of act(z).
     *
     * @param graph where to
     * @param activation which
     * @param z name of the argument
     * @param layer what the results are named by
     */
    static OnnxActivation of(OnnxGraph graph, Activation activation, String z, String layer) {
        String a = layer + ".a";
        String slope = layer + ".slope";
        return switch (activation) {
            case SOFTPLUS -> new OnnxActivation(graph.node("Softplus", a, z), () -> graph.node("Sigmoid", slope, z));
            case TANH -> {
                String t = graph.node("Tanh", a, z);
                yield new OnnxActivation(
                        t, () -> graph.node("Sub", slope, one(graph), graph.node("Mul", layer + ".square", t, t)));
            }
            case SILU -> {
                String s = graph.node("Sigmoid", layer + ".sigmoid", z);
                String value = graph.node("Mul", a, z, s);
                // s + z s (1 - s)
                yield new OnnxActivation(
                        value,
                        () -> graph.node(
                                "Add",
                                slope,
                                s,
                                graph.node(
                                        "Mul",
                                        layer + ".bend",
                                        value,
                                        graph.node("Sub", layer + ".rest", one(graph), s))));
            }
            case GELU -> {
                String cdf = normalCdf(graph, z, layer);
                yield new OnnxActivation(
                        graph.node("Mul", a, z, cdf),
                        () -> graph.node(
                                "Add",
                                slope,
                                cdf,
                                graph.node("Mul", layer + ".bend", z, normalDensity(graph, z, layer))));
            }
            case SIGMOID -> {
                String s = graph.node("Sigmoid", a, z);
                yield new OnnxActivation(
                        s, () -> graph.node("Mul", slope, s, graph.node("Sub", layer + ".rest", one(graph), s)));
            }
            case SIN -> new OnnxActivation(graph.node("Sin", a, z), () -> graph.node("Cos", slope, z));
            case ELU ->
                // exp(min(z, 0)) is 1 above zero and e^z below.
                new OnnxActivation(
                        graph.node("Elu", a, z),
                        () -> graph.node(
                                "Exp", slope, graph.node("Min", layer + ".below", z, graph.single("zero", 0))));
            case RELU ->
                new OnnxActivation(
                        graph.node("Relu", a, z),
                        () -> graph.cast(
                                graph.node("Greater", layer + ".above", z, graph.single("zero", 0)),
                                OnnxGraph.Element.FLOAT,
                                slope));
        };
    }

    private static String one(OnnxGraph graph) {
        return graph.single("one", 1);
    }

    /** (1 + erf(z / sqrt 2)) / 2. */
    private static String normalCdf(OnnxGraph graph, String z, String layer) {
        String scaled = graph.node("Mul", layer + ".scaled", z, graph.single("sqrt_half", Math.sqrt(0.5)));
        String erf = graph.node("Erf", layer + ".erf", scaled);
        String sum = graph.node("Add", layer + ".sum", one(graph), erf);
        return graph.node("Mul", layer + ".cdf", sum, graph.single("half", 0.5));
    }

    /** e^(-z^2 / 2) / sqrt(2 pi). */
    private static String normalDensity(OnnxGraph graph, String z, String layer) {
        String square = graph.node("Mul", layer + ".square", z, z);
        String exponent = graph.node("Mul", layer + ".exponent", square, graph.single("minus_half", -0.5));
        return graph.node(
                "Mul",
                layer + ".density",
                graph.node("Exp", layer + ".bell", exponent),
                graph.single("inverse_sqrt_2pi", 1 / Math.sqrt(2 * Math.PI)));
    }
}
