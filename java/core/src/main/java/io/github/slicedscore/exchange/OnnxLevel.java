package io.github.slicedscore.exchange;

import io.github.slicedscore.exchange.OnnxGraph.Element;

/**
 * The level of noise of each row, from an input of its own. All are columns [N, 1], in double precision but for the condition.
 *
 * @param condition log sigma in single precision, as the network takes it
 * @param sigma what the network takes it for, e^condition
 * @param variance 1 + sigma^2, that of noised standardised data
 * @param spread its root r
 */
record OnnxLevel(String condition, String sigma, String variance, String spread) {
    /** Adds the input {@code sigma}, [N]. */
    static OnnxLevel of(OnnxGraph graph) {
        String input = graph.input("sigma", "standard deviation of the noise of each row, in standardised units");
        String column = graph.node("Unsqueeze", "sigma.column", input, graph.longs("axis.columns", 1));
        String wide = graph.cast(column, Element.DOUBLE, "sigma.double");
        String condition = graph.cast(graph.node("Log", "sigma.log", wide), Element.FLOAT, "sigma.condition");
        String sigma =
                graph.node("Exp", "sigma.taken", graph.cast(condition, Element.DOUBLE, "sigma.condition_double"));
        String variance = graph.node(
                "Add", "sigma.variance", graph.node("Mul", "sigma.square", sigma, sigma), graph.wide("one_double", 1));
        return new OnnxLevel(condition, sigma, variance, graph.node("Sqrt", "sigma.spread", variance));
    }

    /** One over a column of double precision, in single precision. */
    static String inverse(OnnxGraph graph, String column, String result) {
        String inverse = graph.node("Div", result + "_double", graph.wide("one_double", 1), column);
        return graph.cast(inverse, Element.FLOAT, result);
    }
}
