package io.github.slicedscore.exchange;

import org.jspecify.annotations.Nullable;

/** The score of a score network in standardised units; at levels of noise s = net / (sigma r) - x / r^2. */
final class OnnxScoreNetwork {
    private OnnxScoreNetwork() {}

    static String score(OnnxGraph graph, OnnxPerceptron perceptron, OnnxInput input, @Nullable OnnxLevel level) {
        String net = perceptron.output();
        if (level == null) {
            return net;
        }
        String size = graph.node("Mul", "sigma.size", level.sigma(), level.spread());
        String gain = OnnxLevel.inverse(graph, size, "sigma.gain");
        String pull = OnnxLevel.inverse(graph, level.variance(), "sigma.pull");
        return graph.node(
                "Sub",
                "score.standard",
                graph.node("Mul", "score.gained", net, gain),
                graph.node("Mul", "score.pulled", input.modelled(), pull));
    }
}
