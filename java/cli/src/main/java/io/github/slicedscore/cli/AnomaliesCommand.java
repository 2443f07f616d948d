package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyStatistic;
import io.github.slicedscore.io.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ranks the rows of a CSV file by how unusual a model finds them. */
@Command(
        name = "anomalies",
        sortOptions = false,
        description = "Ranks the rows of a CSV file by how unusual a model finds them, and says why.",
        footer = {
            "",
            "A row is named by its line in the file. Its percentile says how many of 100 rows held out in training are more"
                    + " unusual (of models without a log-density, and with conditions: rows of --train). The number after a column is"
                    + " the derivative of the log-density by it, in units of the column's deviation: the higher, the more the row"
                    + " would gain if the value were less high, or less low. With --labels the ranking is judged by the area under"
                    + " the ROC curve and by average precision, beside the Mahalanobis distance from the rows of --train, which a"
                    + " model should beat.",
            "",
            "Examples:",
            "  slicedscore anomalies wine.safetensors wine-test.csv",
            "  slicedscore anomalies wine.safetensors mixed.csv --labels colour=red --train wine.csv",
            "  slicedscore anomalies wine.safetensors wine-test.csv --top 3 --out ranked.csv --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AnomaliesCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "DATA.csv", description = "Rows to rank.")
    private Path dataFile;

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            defaultValue = "10",
            description = "How many rows are printed (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--labels",
            paramLabel = "COLUMN[=VALUE]",
            description =
                    "Which rows are known to be anomalies: those with this value in this column, or with 1 in a column"
                            + " of 0 and 1.")
    private @Nullable String labels;

    @Option(
            names = "--train",
            paramLabel = "TRAIN.csv",
            description = "Usual rows, best those that the model was trained on, for the Mahalanobis distance and for"
                    + " percentiles of models that have no others.")
    private @Nullable Path trainFile;

    @Option(
            names = "--statistic",
            paramLabel = "STATISTIC",
            converter = Converters.StatisticName.class,
            completionCandidates = Converters.StatisticName.class,
            description = {
                "By what rows are ranked (default: the first of these that the model gives).",
                "log-density: of energies.",
                "flow: the log-likelihood by the probability flow, of models with noise levels.",
                "path: the log-density less that at the columns' means, by the integral of the score between them; without"
                        + " conditions.",
                "score-norm: the length of the score in standardised units, of any model."
            })
    private @Nullable AnomalyStatistic statistic;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "RANKED.csv",
            description = "All rows, the most unusual first, as a table.")
    private @Nullable Path out;

    @Mixin
    private ForceOption force;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Key of the random numbers of estimates (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CsvFormatOptions csv;

    @Mixin
    private BackendSelection backends;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            force.requireWritable(
                    "--out",
                    out,
                    new InputFile("the model", modelFile),
                    new InputFile("the data", dataFile),
                    new InputFile("the file of --train", trainFile));
        }
        PrintWriter err = spec.commandLine().getErr();
        try (Backend backend = backends.open();
                ScoreModel model = BackendSelection.load(modelFile, backend)) {
            AnomalyFindings findings = find(model);
            if (out != null) {
                AtomicFile.write(out, AnomalyText.csv(findings).getBytes(UTF_8));
            }
            json.print(() -> AnomalyText.table(findings, top), () -> AnomalyText.json(findings, top));
            if (out != null) {
                err.println("wrote " + out);
            }
        }
        return 0;
    }

    private AnomalyFindings find(ScoreModel model) throws IOException {
        List<String> names = ModelTable.namesOf(model);
        ModelTable table = csv.readText(dataFile, names);
        Labels known = labels == null ? null : Labels.of(labels, table.text().columns());
        int[] rows = csv.completeRows(table, spec.commandLine().getErr());
        boolean[] anomalies = known == null ? null : known.of(table, rows);
        Dataset train = trainFile == null ? null : csv.read(trainFile, names);
        AnomalyReport report = AnomalyReport.of(
                model,
                table.select(rows),
                train,
                anomalies,
                Objects.requireNonNullElse(statistic, AnomalyStatistic.of(model)),
                seed);
        return new AnomalyFindings(
                modelFile, model.architecture(), dataFile, table.text(), rows, trainFile, known, anomalies, report);
    }
}
