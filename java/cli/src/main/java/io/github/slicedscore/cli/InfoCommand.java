package io.github.slicedscore.cli;

import io.github.slicedscore.io.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is in a model file. */
@Command(
        name = "info",
        description = "Tells what is in a model file: network, columns, and the training it comes from.",
        footer = {
            "",
            "Means and deviations are in the units of the data, losses and noise in standardised units.",
            "",
            "Examples:",
            "  slicedscore info wine.safetensors",
            "  slicedscore info wine.safetensors --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path file;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BackendSelection.requireModelFile(file);
        ModelFacts facts = new ModelFacts(file, Files.size(file), ModelFile.read(file));
        json.print(() -> facts.text(Colors.out(spec)), facts::json);
        return 0;
    }
}
