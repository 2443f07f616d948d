package io.github.slicedscore.exchange;

import io.github.slicedscore.Version;
import io.github.slicedscore.exchange.OnnxOptions.Output;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes models as ONNX graphs, which need nothing of this library to run.
 *
 * <table>
 * <caption>Inputs and outputs, all single precision</caption>
 * <tr><th>name</th><th>shape</th><th>meaning</th></tr>
 * <tr><td>rows</td><td>[N, D + C]</td><td>rows [x, c] in the units of the data</td></tr>
 * <tr><td>sigma</td><td>[N]</td><td>level of noise of each row, in standardised units; models with noise levels only</td></tr>
 * <tr><td>score</td><td>[N, D]</td><td>grad log p(x | c), in the units of the data</td></tr>
 * <tr><td>log_density</td><td>[N]</td><td>log p(x | c) up to a constant, in the units of the data; energies only</td></tr>
 * </table>
 *
 * <p>The score of an energy is a reverse pass that is part of the graph. Standardising is done in double precision, the network
 * in single, so results agree with {@link io.github.slicedscore.ScoreModel} to rounding. The graph's metadata are those of
 * {@link ModelFile#metadata}. Equal models give equal bytes.
 */
public final class OnnxExporter {
    private static final String DOMAIN = "io.github.slicedscore";
    /** Half of the 2 GiB that a message of Protocol Buffers may have, because readers copy. */
    private static final int MOST_PARAMETERS = 1 << 28;

    private OnnxExporter() {}

    /**
     * Writes or replaces a graph: all of it, or nothing.
     *
     * @param model what to write
     * @param options which outputs and operators
     * @param file where to
     * @throws IllegalArgumentException if a log-density is asked of a score network, or the model is too large for the format
     * @throws IOException naming the file, if it cannot be written
     */
    public static void write(ModelContents model, OnnxOptions options, Path file) throws IOException {
        AtomicFile.write(file, toBytes(model, options));
    }

    /** ModelProto. */
    static byte[] toBytes(ModelContents model, OnnxOptions options) {
        if (model.parameters().size() > MOST_PARAMETERS) {
            throw new IllegalArgumentException("an ONNX file holds at most " + MOST_PARAMETERS + " parameters, not the "
                    + model.parameters().size() + " of this model; use the model file itself");
        }
        Protobuf message = new Protobuf()
                .integer(1, options.irVersion())
                .text(2, "slicedscore")
                .text(3, Version.STRING)
                .text(4, DOMAIN)
                .message(7, graph(model, options.output()).toMessage("slicedscore"))
                .message(8, new Protobuf().text(1, "").integer(2, options.opset()));
        for (Map.Entry<String, String> entry : ModelFile.metadata(model).entrySet()) {
            message.message(14, new Protobuf().text(1, entry.getKey()).text(2, entry.getValue()));
        }
        return message.toBytes();
    }

    private static OnnxGraph graph(ModelContents model, Output output) {
        Mlp architecture = Perceptrons.of(model.architecture(), "ONNX");
        OnnxGraph graph = new OnnxGraph();
        OnnxUnits units = new OnnxUnits(graph, model.standardizer(), architecture.dimension());
        String names = String.join(", ", model.columns())
                + (model.conditions().isEmpty() ? "" : ", given " + String.join(", ", model.conditions()));
        String rows = graph.input("rows", names, architecture.dimension() + architecture.givenColumns());
        OnnxLevel level = architecture.noiseLevels().isPresent() ? OnnxLevel.of(graph) : null;
        OnnxInput input = new OnnxInput(graph, architecture, units.standardize(rows), level);
        OnnxPerceptron perceptron = new OnnxPerceptron(graph, architecture, model.parameters());
        perceptron.enter(input.network());
        if (architecture instanceof EnergyMlp mlp) {
            OnnxEnergy energy = new OnnxEnergy(graph, mlp, perceptron, input, level);
            if (output != Output.LOG_DENSITY) {
                units.outputScore(energy.score());
            }
            if (output != Output.SCORE) {
                units.outputLogDensity(energy.logDensity());
            }
        } else if (output == Output.LOG_DENSITY) {
            throw new IllegalArgumentException(
                    "the model is a score network, which has no log-density; export its score, or train an energy");
        } else {
            units.outputScore(OnnxScoreNetwork.score(graph, perceptron, input, level));
        }
        return graph;
    }
}
