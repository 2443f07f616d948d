package io.github.slicedscore.exchange;

import io.github.slicedscore.exchange.OnnxGraph.Element;
import io.github.slicedscore.model.EnergyMlp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log-density f = net - P |x|^2 / 2 of an energy in standardised units, and its score grad net - P x by a reverse pass that
 * is part of the graph. P is the precision of the Gaussian base, 1 / (s0^2 + sigma^2), or 0 where there is none.
 */
final class OnnxEnergy {
    private final OnnxGraph graph;
    private final OnnxPerceptron perceptron;
    private final OnnxInput input;
    /** P in double precision: a number, or a column [N, 1] at levels of noise. */
    private final @Nullable String precision;

    OnnxEnergy(
            OnnxGraph graph,
            EnergyMlp architecture,
            OnnxPerceptron perceptron,
            OnnxInput input,
            @Nullable OnnxLevel level) {
        this.graph = graph;
        this.perceptron = perceptron;
        this.input = input;
        precision = architecture.base() == 0 ? null : precision(graph, architecture, level);
    }

    private static String precision(OnnxGraph graph, EnergyMlp architecture, @Nullable OnnxLevel level) {
        if (level == null) {
            return graph.wide("base.precision", architecture.basePrecision());
        }
        String noise = graph.node("Mul", "base.noise", level.sigma(), level.sigma());
        double own = architecture.base() * architecture.base();
        String variance = graph.node("Add", "base.variance", noise, graph.wide("base.own", own));
        return graph.node("Div", "base.precision", graph.wide("one_double", 1), variance);
    }

    /** f in double precision, [N, 1]. */
    String logDensity() {
        String value = graph.cast(perceptron.output(), Element.DOUBLE, "energy.net");
        if (precision == null) {
            return value;
        }
        String x = graph.cast(input.modelled(), Element.DOUBLE, "base.x");
        String squares = graph.node("Mul", "base.squares", x, x);
        String norm =
                graph.node("ReduceSum", "base.norm", Map.of("keepdims", 1), squares, graph.longs("axis.columns", 1));
        String bowl = graph.node("Mul", "base.bowl", norm, precision);
        return graph.node(
                "Sub", "energy.value", value, graph.node("Mul", "base.value", bowl, graph.wide("half_double", 0.5)));
    }

    /** Its gradient, [N, D]. */
    String score() {
        String gradient = input.gradient(perceptron.reverse());
        if (precision == null) {
            return gradient;
        }
        String pull = graph.cast(precision, Element.FLOAT, "base.pull");
        return graph.node("Sub", "score.standard", gradient, graph.node("Mul", "score.pulled", input.modelled(), pull));
    }
}
