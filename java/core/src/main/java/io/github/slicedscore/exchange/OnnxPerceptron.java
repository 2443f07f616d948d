package io.github.slicedscore.exchange;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The layers of a network as nodes, forward and, for the gradient of an energy, in reverse:
 *
 * <pre>
 * z_l = W_l a_{l-1} + b_l        a_l = act(z_l)  (+ a_{l-1} where a residual layer adds it)
 * o_{l-1} = (o_l act'(z_l)) W_l  (+ o_l)
 * </pre>
 */
final class OnnxPerceptron {
    private final OnnxGraph graph;
    private final Activation activation;
    private final boolean residual;
    private final int[] widths;
    private final ParameterLayout layout;
    private final float[] values;
    private final List<String> weights = new ArrayList<>();
    private final List<OnnxActivation> activated = new ArrayList<>();
    /** What the last layer takes. */
    private String last = "";

    OnnxPerceptron(OnnxGraph graph, Mlp architecture, Parameters parameters) {
        this.graph = graph;
        activation = architecture.activation();
        residual = architecture.options().residual();
        widths = architecture.widths();
        layout = parameters.layout();
        values = parameters.toArray();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            weights.add(initializer(layout.tensors().get(2 * layer)));
        }
    }

    private String initializer(ParameterLayout.Tensor part) {
        float[] slice = Arrays.copyOfRange(values, part.offset(), part.offset() + part.size());
        int[] shape = part.shape().stream().mapToInt(Integer::intValue).toArray();
        return graph.floats(part.name(), slice, shape);
    }

    /** Adds the hidden layers over an input [N, widths[0]]. */
    void enter(String input) {
        String a = input;
        for (int layer = 0; layer + 1 < weights.size(); layer++) {
            OnnxActivation result = OnnxActivation.of(graph, activation, affine(layer, a), name(layer));
            activated.add(result);
            a = adds(layer) ? graph.node("Add", name(layer) + ".residual", result.value(), a) : result.value();
        }
        last = a;
    }

    /** Adds the last layer, and gives its output, [N, outputs]. */
    String output() {
        return affine(weights.size() - 1, last);
    }

    private String affine(int layer, String from) {
        // Not before it is used: a gradient needs no bias of the last layer.
        String bias = initializer(layout.tensors().get(2 * layer + 1));
        return graph.node("Gemm", name(layer) + ".z", Map.of("transB", 1), from, weights.get(layer), bias);
    }

    /** The gradient, [N, widths[0]], of the one output of an energy along its input. */
    String reverse() {
        int top = weights.size() - 1;
        String rows = graph.node("Shape", "last.shape", last);
        String o = graph.node("Expand", "last.gradient", weights.get(top), rows);
        for (int layer = top - 1; layer >= 0; layer--) {
            String slope = activated.get(layer).derivative().get();
            String dz = graph.node("Mul", name(layer) + ".dz", o, slope);
            String before = graph.node("MatMul", name(layer) + ".gradient", dz, weights.get(layer));
            o = adds(layer) ? graph.node("Add", name(layer) + ".gradient", before, o) : before;
        }
        return o;
    }

    /** Whether a hidden layer adds its input to its output: not the first. */
    private boolean adds(int layer) {
        return residual && layer > 0 && widths[layer + 1] == widths[layer];
    }

    private static String name(int layer) {
        return "layers." + layer;
    }
}
