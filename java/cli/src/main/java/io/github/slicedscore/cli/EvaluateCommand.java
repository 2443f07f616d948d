package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a model fits rows that it has not seen. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = "Says whether a model fits rows that it was not trained on.",
        footer = {
            "",
            "Prints the losses of the rows; their log-likelihood, normalised, with its standard error, beside that of simple"
                    + " models that yours should beat; and tests of whether the rows come from the model: the kernel Stein"
                    + " test, which needs the score alone, and two that compare them with samples drawn from the model,"
                    + " the maximum mean discrepancy and a classifier. A line begins with 'warning:' where a figure is not to"
                    + " be trusted. Columns are found by name.",
            "",
            "Examples:",
            "  slicedscore evaluate wine.safetensors wine-test.csv",
            "  slicedscore evaluate wine.safetensors wine-test.csv --train wine-train.csv",
            "  slicedscore evaluate wine.safetensors wine-test.csv --json > wine.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "TEST.csv", description = "Rows that the model was not trained on.")
    private Path testFile;

    @Option(
            names = "--train",
            paramLabel = "TRAIN.csv",
            description =
                    "Rows to fit the simple models to, best those that yours was trained on (default: each half of"
                            + " TEST.csv for the other).")
    private @Nullable Path trainFile;

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
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            Dataset test = csv.read(testFile, model);
            Dataset train = trainFile == null ? null : csv.read(trainFile, model);
            Evaluation evaluation = evaluating.evaluate(modelFile, model, testFile, test, trainFile, train);
            json.print(() -> EvaluationTable.of(evaluation, Colors.out(spec)), () -> EvaluationJson.of(evaluation));
        }
        return 0;
    }
}
