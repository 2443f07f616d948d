package io.github.slicedscore.cli;

import io.github.slicedscore.exchange.StateDict;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model of a PyTorch state dict. */
@Command(
        name = "import",
        sortOptions = false,
        description = "Makes a model of a PyTorch network: a chain of Linear layers with one activation between them.",
        footer = {
            "",
            "NET.safetensors is what safetensors.torch.save_file(net.state_dict(), path) writes. A score network gives the"
                    + " gradient of the log-density, an energy the log-density itself (not its negative: change the sign of"
                    + " the last layer of a network that gives -log p).",
            "What the network was trained on says how to standardise: nothing for rows in the units of the data; --mean and"
                    + " --deviation, or --standardize with the rows that they are taken of; or --like with a model that has"
                    + " all of this.",
            "",
            "Examples:",
            "  slicedscore import net.safetensors --kind score --activation softplus --columns a,b --out m.safetensors",
            "  slicedscore import net.safetensors --kind energy --activation silu --base 3 --columns a,b --mean 0.5,20"
                    + " --deviation 2,5 --out m.safetensors",
            "  slicedscore import net.safetensors --kind energy --activation tanh --standardize wine.csv --drop quality"
                    + " --out m.safetensors",
            "  slicedscore import tuned.safetensors --like wine.safetensors --out tuned-wine.safetensors"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NET.safetensors", description = "The state dict.")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "M.safetensors",
            description = "The model to write.")
    private Path out;

    @Option(
            names = "--like",
            paramLabel = "M.safetensors",
            description = "A model with the same layers, columns and units, in place of the options that say them.")
    private @Nullable Path like;

    @Mixin
    private NetworkDescription description;

    @Option(
            names = "--layers",
            paramLabel = "NAMES",
            converter = Names.Converter.class,
            description = "Names of the layers, first to last, where their natural order (2 before 10) is not that.")
    private Names layers = Names.NONE;

    @Mixin
    private ForceOption force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        force.requireWritable(
                "--out",
                out,
                new InputFile("the state dict", file),
                new InputFile("the model of --like", like),
                new InputFile("the file of --standardize", description.data()));
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("there is no file " + file
                    + "; safetensors.torch.save_file(net.state_dict(), path)" + " writes one in Python");
        }
        StateDict dict = StateDict.read(file, layers.values());
        ModelContents model = like == null ? description.model(file, dict) : resembling(dict, like);
        ModelFile.write(model, out);
        spec.commandLine()
                .getErr()
                .println("wrote " + out + ": " + Descriptions.network(model.architecture()) + " of "
                        + String.join(", ", model.columns())
                        + (model.conditions().isEmpty() ? "" : " given " + String.join(", ", model.conditions())));
        return 0;
    }

    private ModelContents resembling(StateDict dict, Path modelFile) throws IOException {
        if (description.isGiven()) {
            throw new BadInputException("--like takes kind, activation, columns and units from " + modelFile
                    + "; leave --like out, or the options that say them");
        }
        BackendSelection.requireModelFile(modelFile);
        ModelContents model = ModelFile.read(modelFile);
        if (!(model.architecture() instanceof Mlp perceptron)) {
            throw new BadInputException("--like takes a model that is one perceptron, and " + modelFile + " is a "
                    + Descriptions.network(model.architecture()) + "; give another");
        }
        try {
            return dict.toModel(perceptron, model.standardizer(), model.columns(), model.conditions());
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ", --like " + modelFile + ": " + e.getMessage()
                    + "; give a model that this network was made from");
        }
    }
}
