package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes all that can be known of a model as one page. */
@Command(
        name = "report",
        sortOptions = false,
        description =
                "Writes one HTML page with pictures: what a model is, how it was trained, whether it fits rows that it was"
                        + " not trained on, and which of these are unusual.",
        footer = {
            "",
            "The page is one file that needs nothing else: no network, no scripts. It is the same for the same files and seed."
                    + " The losses of the training come from the table that 'train' wrote beside the model, where it is still"
                    + " there; the rest is what 'evaluate' and 'anomalies' find, with pictures. Columns are found by name.",
            "",
            "Examples:",
            "  slicedscore report wine.safetensors wine-test.csv --out wine.html --train wine-train.csv",
            "  slicedscore report wine.safetensors wine-test.csv --out wine.html --columns pH,alcohol --top 20",
            "  slicedscore report wine.safetensors wine-test.csv --json > wine.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "TEST.csv", description = "Rows that the model was not trained on.")
    private Path testFile;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "R.html",
            description = "Where the page goes; may be left out with --json.")
    private @Nullable Path out;

    @Option(
            names = "--train",
            paramLabel = "TRAIN.csv",
            description =
                    "Rows to fit the simple models to, best those that yours was trained on (default: each half of"
                            + " TEST.csv for the other).")
    private @Nullable Path trainFile;

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "10",
            description = "How many of the most unusual rows are shown (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--columns",
            paramLabel = "NAME,...",
            converter = Names.Converter.class,
            description = "Columns to draw (default: all, or of more than " + Pictured.MOST_COLUMNS
                    + " those in which samples differ most from the rows).")
    private Names columns = Names.NONE;

    @Mixin
    private ForceOption force;

    @Mixin
    private JsonOption json;

    @Mixin
    private EvaluationOptions evaluating;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkOutput();
        BackendSelection.requireModelFile(modelFile);
        ModelContents contents = ModelFile.read(modelFile);
        checkColumns(contents);
        PrintWriter err = spec.commandLine().getErr();
        try (Backend backend = backends.open();
                ScoreModel model = ScoreModel.of(contents, backend)) {
            List<String> names = ModelTable.namesOf(model);
            ModelTable table = csv.readText(testFile, names);
            int[] complete = csv.completeRows(table, err);
            Dataset test = table.select(complete);
            Dataset train =
                    trainFile == null ? null : csv.read(trainFile, names).select(names);
            Evaluation evaluation = evaluating.evaluate(modelFile, model, testFile, test, trainFile, train);
            Report report = new ReportWork(model, contents, evaluation, test)
                    .report(
                            TrainingHistory.of(modelFile, contents.provenance()),
                            Arrays.stream(complete)
                                    .mapToLong(table.text()::line)
                                    .toArray(),
                            train,
                            columns.values(),
                            top);
            write(report);
        }
        return 0;
    }

    private void checkOutput() {
        if (out == null) {
            if (!json.given()) {
                throw new BadInputException("a report goes into a file: name one with --out, or print it with --json");
            }
            return;
        }
        force.requireWritable(
                "--out",
                out,
                new InputFile("the model", modelFile),
                new InputFile("the test rows", testFile),
                new InputFile("the file of --train", trainFile));
    }

    private void checkColumns(ModelContents contents) {
        for (String name : columns.values()) {
            if (!contents.columns().contains(name)) {
                throw new BadInputException("--columns names '" + name + "', which is no column of " + modelFile
                        + "; there are " + String.join(", ", contents.columns()));
            }
        }
        if (columns.values().size() > Pictured.MOST_COLUMNS) {
            throw new BadInputException("--columns names " + columns.values().size()
                    + " columns, but a picture has room for " + Pictured.MOST_COLUMNS + "; leave some out");
        }
    }

    private void write(Report report) throws IOException {
        if (out != null) {
            AtomicFile.write(out, HtmlReport.of(report).getBytes(UTF_8));
            spec.commandLine().getErr().println("wrote " + out);
        }
        if (json.given()) {
            json.print(() -> "", () -> ReportJson.of(report));
        }
    }
}
