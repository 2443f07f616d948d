package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.sample.Denoiser;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes Gaussian noise off the rows of a CSV file. */
@Command(
        name = "denoise",
        sortOptions = false,
        description =
                "Takes Gaussian noise off the rows of a CSV file: gives the mean of what they were before it came.",
        footer = {
            "",
            "Prints the table with the columns of the model replaced by x + S^2 score(x) (Tweedie's formula, in standardised units);"
                    + " all other columns are kept as they stand. A model knows one noise, that of its training (--noise, and"
                    + " --sigma of dsm), or every one between its noise levels.",
            "",
            "Examples:",
            "  slicedscore denoise wine.safetensors noisy.csv > clean.csv",
            "  slicedscore denoise levels.safetensors noisy.csv --sigma 0.5 --out clean.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DenoiseCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "DATA.csv", description = "Noisy rows.")
    private Path dataFile;

    @Option(
            names = "--sigma",
            paramLabel = "S",
            converter = Converters.Positive.class,
            description = "Deviation of the noise in deviations of the columns (default: that of the model's training;"
                    + " models with noise levels need it).")
    private @Nullable Double sigma;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "CLEAN.csv",
            description = "Where the rows go (default: stdout).")
    private @Nullable Path out;

    @Mixin
    private ForceOption force;

    @Mixin
    private TextFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            force.requireWritable(
                    "--out", out, new InputFile("the model", modelFile), new InputFile("the data", dataFile));
        }
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            Denoiser denoiser = new Denoiser(sigma(model));
            ModelTable table = csv.read(dataFile, ModelTable.namesOf(model));
            table.requirePresent(table.names(), "fill it in with 'slicedscore impute', or leave the row out");
            write(text(model, table, denoiser.denoise(model, table.numbers(), table.rows())));
        }
        return 0;
    }

    private double sigma(ScoreModel model) {
        double known = Denoiser.known(model);
        if (sigma == null && model.noiseLevels().isPresent()) {
            throw new BadInputException(modelFile + " knows "
                    + Descriptions.levels(model.noiseLevels().get()) + "; say which of them the rows have with --sigma "
                    + (float) known);
        }
        if (sigma == null && known == 0) {
            throw new BadInputException(modelFile
                    + " was trained without noise; say how much the rows that it was trained on had, with --sigma 0.3");
        }
        if (sigma == null) {
            return known;
        }
        if (model.noiseLevels().isEmpty() && Math.abs(sigma - known) > 0.01 * known) {
            spec.commandLine()
                    .getErr()
                    .println("warning: " + modelFile + " learned rows noised by " + (float) known
                            + " deviations, not by " + sigma
                            + "; the result is right only if the rows that it was trained on came with such noise");
        }
        return sigma;
    }

    private String text(ScoreModel model, ModelTable table, double[] clean) {
        int dimension = model.columns().size();
        double[] deviations = model.standardizer().deviations();
        int[] columns = table.text().columns().stream()
                .mapToInt(model.columns()::indexOf)
                .toArray();
        return CsvText.table(table.text(), csv.hasHeader(), (row, column) -> {
            int modelled = columns[column];
            return modelled < 0
                    ? null
                    : CsvText.fixed(clean[row * dimension + modelled], CsvText.decimals(deviations[modelled]));
        });
    }

    private void write(String text) throws IOException {
        if (out != null) {
            AtomicFile.write(out, text.getBytes(UTF_8));
            spec.commandLine().getErr().println("wrote " + out);
            return;
        }
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.append(text);
        Stdout.requireWritten(stdout);
    }
}
