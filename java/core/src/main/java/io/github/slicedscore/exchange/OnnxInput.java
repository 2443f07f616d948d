package io.github.slicedscore.exchange;

import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.Mlp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first layer sees of standardised rows y = [x, c]: x shrunk to the size 1 and log sigma behind c where the network
 * knows noise levels, and then the waves of all that where it has some.
 */
final class OnnxInput {
    private final OnnxGraph graph;
    private final Mlp architecture;
    private final @Nullable OnnxLevel level;
    private final String modelled;
    private final String shrink;
    private final String network;
    private String sine = "";
    private String cosine = "";
    private String frequencies = "";

    /** Adds the nodes for rows y, [N, D + C] in standardised units. */
    OnnxInput(OnnxGraph graph, Mlp architecture, String rows, @Nullable OnnxLevel level) {
        this.graph = graph;
        this.architecture = architecture;
        this.level = level;
        int dimension = architecture.dimension();
        int given = architecture.givenColumns();
        modelled = given == 0 ? rows : graph.columns(rows, 0, dimension, "standardized.modelled");
        shrink = level == null ? "" : OnnxLevel.inverse(graph, level.spread(), "sigma.shrink");
        String seen = rows;
        if (level != null) {
            List<String> parts = new ArrayList<>();
            parts.add(graph.node("Mul", "standardized.shrunk", modelled, shrink));
            if (given > 0) {
                parts.add(graph.columns(rows, dimension, dimension + given, "standardized.given"));
            }
            parts.add(level.condition());
            seen = concat(parts, "standardized.leveled");
        }
        FourierFeatures waves = architecture.options().fourier().orElse(null);
        network = waves == null ? seen : waves(seen, waves);
    }

    private String waves(String seen, FourierFeatures waves) {
        int inputs = architecture.inputs();
        frequencies = graph.floats("fourier.frequencies", waves.frequencies(inputs), waves.count(), inputs);
        String phase = graph.node("Gemm", "fourier.phase", Map.of("transB", 1), seen, frequencies);
        sine = graph.node("Sin", "fourier.sine", phase);
        cosine = graph.node("Cos", "fourier.cosine", phase);
        return concat(List.of(seen, sine, cosine), "fourier.input");
    }

    private String concat(List<String> parts, String result) {
        return graph.node("Concat", result, Map.of("axis", 1), parts.toArray(String[]::new));
    }

    /** What the first layer takes, [N, widths[0]]. */
    String network() {
        return network;
    }

    /** x in standardised units, [N, D]. */
    String modelled() {
        return modelled;
    }

    /** From the gradient along {@link #network} to that along {@link #modelled}. */
    String gradient(String ofNetwork) {
        String ofSeen = sine.isEmpty() ? ofNetwork : throughWaves(ofNetwork);
        int dimension = architecture.dimension();
        String ofModelled =
                architecture.inputs() == dimension ? ofSeen : graph.columns(ofSeen, 0, dimension, "gradient.modelled");
        return level == null ? ofModelled : graph.node("Mul", "gradient.shrunk", ofModelled, shrink);
    }

    /** o_y + (o_sin cos(B y) - o_cos sin(B y)) B. */
    private String throughWaves(String gradient) {
        int inputs = architecture.inputs();
        int end = architecture.widths()[0];
        int middle = (inputs + end) / 2;
        String ofSine = graph.columns(gradient, inputs, middle, "gradient.sine");
        String ofCosine = graph.columns(gradient, middle, end, "gradient.cosine");
        String ofPhase = graph.node(
                "Sub",
                "gradient.phase",
                graph.node("Mul", "gradient.from_sine", ofSine, cosine),
                graph.node("Mul", "gradient.from_cosine", ofCosine, sine));
        return graph.node(
                "Add",
                "gradient.seen",
                graph.columns(gradient, 0, inputs, "gradient.direct"),
                graph.node("MatMul", "gradient.from_phase", ofPhase, frequencies));
    }
}
