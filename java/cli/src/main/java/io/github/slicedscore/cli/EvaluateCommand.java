package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnnealedImportanceSampling;
import io.github.slicedscore.eval.EvaluationSettings;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.ImportanceSampling;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.sample.Denoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Key of all random numbers: the same seed gives the same figures (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--rows",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "10000",
            description = "Of a larger file so many rows are used, chosen at random (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--importance-samples",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "100000",
            description = "Samples for the normaliser (default: ${DEFAULT-VALUE}).")
    private int importanceSamples;

    @Option(
            names = "--annealed-chains",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "1000",
            description = "Chains for the other estimate of it (default: ${DEFAULT-VALUE}).")
    private int annealedChains;

    @Option(
            names = "--temperatures",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "300",
            description = "Steps of each chain from a Gaussian to the model (default: ${DEFAULT-VALUE}).")
    private int temperatures;

    @Option(
            names = "--flow-rows",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "1000",
            description =
                    "Rows whose likelihood is found by the probability flow, for models with noise levels (default:"
                            + " ${DEFAULT-VALUE}).")
    private int flowRows;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        EvaluationSettings settings = settings();
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            Dataset test = read(testFile, model);
            Dataset train = trainFile == null ? null : read(trainFile, model);
            Evaluation evaluation = new Evaluation(
                    modelFile,
                    model.architecture(),
                    testFile,
                    trainFile,
                    seed,
                    ModelReport.of(model, test, train, settings),
                    Finding.of(() -> FlowLogLikelihood.of(model, test, Math.min(rows, flowRows), seed)),
                    remarks(model, test));
            json.print(() -> EvaluationTable.of(evaluation, Colors.out(spec)), () -> EvaluationJson.of(evaluation));
        }
        return 0;
    }

    /** What it costs. */
    EvaluationSettings settings() {
        EvaluationSettings standard = EvaluationSettings.standard(seed).withMaxRows(rows);
        ImportanceSampling importance = standard.importance();
        AnnealedImportanceSampling annealed = standard.annealed();
        return standard.withNormalizers(
                new ImportanceSampling(
                        importanceSamples, importance.components(), importance.degrees(), importance.defensive()),
                new AnnealedImportanceSampling(
                        annealedChains, temperatures, annealed.leapfrogs(), annealed.deviation()));
    }

    private Dataset read(Path file, ScoreModel model) throws IOException {
        List<String> ignored = new ArrayList<>();
        List<String> wanted = ModelTable.namesOf(model);
        Dataset table = csv.read(file, wanted, ignored).select(wanted);
        if (!ignored.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("note: columns of " + file + " that the model does not know are ignored: "
                            + String.join(", ", ignored));
        }
        return table;
    }

    /** What to know before believing the figures. */
    private static List<String> remarks(ScoreModel model, Dataset test) {
        List<String> remarks = new ArrayList<>();
        if (test.hash().equals(model.provenance().dataHash())) {
            remarks.add("these are the rows that the model was trained on; every figure is too good");
        }
        double noise = Denoiser.known(model);
        if (noise > 0) {
            remarks.add("the model learned rows noised by " + (float) noise
                    + " deviations; the rows here are not, so losses are others than in training,"
                    + " and with many rows the tests tell");
        }
        return remarks;
    }
}
