package io.github.slicedscore.cli;

import io.github.slicedscore.exchange.OnnxExporter;
import io.github.slicedscore.exchange.OnnxOptions;
import io.github.slicedscore.exchange.OnnxOptions.Output;
import io.github.slicedscore.exchange.StateDict;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model in a format of other programs. */
@Command(
        name = "export",
        sortOptions = false,
        description = "Writes a model for other programs: as an ONNX graph, or as a state dict of PyTorch.",
        footer = {
            "",
            "An ONNX graph takes 'rows' [N, columns] in the units of the data, conditions last, and for models with noise"
                    + " levels 'sigma' [N]; it gives 'score' [N, modelled columns] and, of an energy, 'log_density' [N].",
            "A state dict is what load_state_dict of nn.Sequential(Linear, activation, Linear, ...) takes. That network works"
                    + " in standardised units: mean and deviation are in the file's metadata.",
            "Both take models of the kinds energy and score.",
            "",
            "Examples:",
            "  slicedscore export wine.safetensors --format onnx --out wine.onnx",
            "  slicedscore export wine.safetensors --format onnx --output score --opset 13 --out score.onnx",
            "  slicedscore export wine.safetensors --format torch --out net.safetensors"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExportCommand implements Callable<Integer> {
    private static final Belonging OUTPUT_BELONGS = new Belonging("--output", "--format", List.of("onnx"));
    private static final Belonging OPSET_BELONGS = new Belonging("--opset", "--format", List.of("onnx"));

    @Parameters(paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "onnx|torch",
            converter = Converters.FormatName.class,
            completionCandidates = Converters.FormatName.class,
            description = "onnx for an ONNX graph, torch for a state dict as safetensors.")
    private String format;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "Where it goes.")
    private Path out;

    @Option(
            names = "--output",
            paramLabel = "score|log_density|both",
            converter = Converters.GraphOutput.class,
            completionCandidates = Converters.GraphOutput.class,
            description = "What an ONNX graph gives (default: both; a score network has the score alone).")
    private @Nullable Output output;

    @Option(
            names = "--opset",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Version of ONNX's operators, " + OnnxOptions.OLDEST_OPSET + " to " + OnnxOptions.NEWEST_OPSET
                    + " (default: 17).")
    private @Nullable Integer opset;

    @Mixin
    private ForceOption force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OUTPUT_BELONGS.check(output, format);
        OPSET_BELONGS.check(opset, format);
        force.requireWritable("--out", out, new InputFile("the model", modelFile));
        BackendSelection.requireModelFile(modelFile);
        ModelContents model = ModelFile.read(modelFile);
        try {
            write(model);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(modelFile + ": " + e.getMessage());
        }
        spec.commandLine().getErr().println("wrote " + out);
        return 0;
    }

    private void write(ModelContents model) throws IOException {
        if (format.equals("torch")) {
            StateDict.write(model, out);
            return;
        }
        OnnxOptions options = OnnxOptions.DEFAULT;
        OnnxExporter.write(
                model,
                new OnnxOptions(output == null ? options.output() : output, opset == null ? options.opset() : opset),
                out);
    }
}
