package io.github.slicedscore.exchange;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.exchange.OnnxGraph.Element;
import java.util.Arrays;

/**
 * Between the data's units and the network's, in double precision: rows whose mean is large beside their deviation keep their
 * digits.
 *
 * <pre>y = (x - mean) / deviation      s = s_y / deviation      log p = f - sum over modelled columns of log deviation</pre>
 */
final class OnnxUnits {
    private final OnnxGraph graph;
    private final Standardizer standardizer;
    private final int dimension;

    OnnxUnits(OnnxGraph graph, Standardizer standardizer, int dimension) {
        this.graph = graph;
        this.standardizer = standardizer;
        this.dimension = dimension;
    }

    /** Rows [N, D + C] of the data as single-precision rows of the network. */
    String standardize(String rows) {
        double[] means = standardizer.means();
        String mean = graph.doubles("standardizer.mean", means, means.length);
        String deviation = graph.doubles("standardizer.deviation", standardizer.deviations(), means.length);
        String wide = graph.cast(rows, Element.DOUBLE, "rows.double");
        String centred = graph.node("Sub", "rows.centred", wide, mean);
        return graph.cast(graph.node("Div", "rows.scaled", centred, deviation), Element.FLOAT, "standardized");
    }

    /** Adds the output {@code score} [N, D] from the network's. */
    void outputScore(String standardScore) {
        double[] deviations = Arrays.copyOf(standardizer.deviations(), dimension);
        String wide = graph.cast(standardScore, Element.DOUBLE, "score.double");
        String scaled =
                graph.node("Div", "score.scaled", wide, graph.doubles("score.deviation", deviations, dimension));
        graph.output(
                graph.cast(scaled, Element.FLOAT, "score"),
                "gradient of the log-density along the modelled columns, in the data's units",
                dimension);
    }

    /** Adds the output {@code log_density} [N] from the network's in double precision, [N, 1]. */
    void outputLogDensity(String f) {
        String scaled =
                graph.node("Sub", "log_density.scaled", f, graph.wide("log_scale", standardizer.logScale(dimension)));
        String narrow = graph.cast(scaled, Element.FLOAT, "log_density.column");
        graph.output(
                graph.node("Squeeze", "log_density", narrow, graph.longs("axis.columns", 1)),
                "log-density up to a constant, in the data's units");
    }
}
