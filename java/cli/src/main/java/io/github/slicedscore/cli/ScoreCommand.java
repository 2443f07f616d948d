package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores the rows of a CSV file. */
@Command(
        name = "score",
        sortOptions = false,
        description = "Prints for every row of a CSV file how probable a model finds it.",
        footer = {
            "",
            "Prints CSV, a line a row: log_density, the unnormalised log-density in the units of the data; percentile, the"
                    + " percentage of the rows held out in training that are less probable; score_norm, the norm of the"
                    + " score, the gradient of the log-density. A score network knows no densities, so it gives the last"
                    + " alone. With conditions there is no percentile: a log-density's constant is another for each of them, so"
                    + " rows of different ones can't be compared by it; 'slicedscore anomalies' does. Columns are found by name.",
            "",
            "Examples:",
            "  slicedscore score wine.safetensors wine.csv > scores.csv",
            "  slicedscore score wine.safetensors wine.csv --vectors > scores.csv"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScoreCommand implements Callable<Integer> {
    private static final int ROWS_AT_ONCE = 8192;

    /** Numbers of the rows that are scored together. */
    private static final int NUMBERS_AT_ONCE = 1 << 20;

    @Parameters(index = "0", paramLabel = "M.safetensors", description = "A model that 'train' wrote.")
    private Path modelFile;

    @Parameters(index = "1", paramLabel = "DATA.csv", description = "Rows to score.")
    private Path dataFile;

    @Option(names = "--vectors", description = "The whole score, a column score_NAME each, instead of its norm.")
    private boolean vectors;

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
            print(model, csv.read(dataFile, model));
        }
        return 0;
    }

    private void print(ScoreModel model, Dataset data) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StringBuilder text = new StringBuilder(CsvText.header(header(model)));
        int lost = 0;
        int width = data.columns().size();
        int atOnce = Math.max(1, Math.min(ROWS_AT_ONCE, NUMBERS_AT_ONCE / width));
        double[] rows = new double[atOnce * width];
        double[] scores = new double[atOnce * model.columns().size()];
        double[] logDensities = new double[atOnce];
        for (int count, from = 0; from < data.rows(); from += count) {
            count = Math.min(atOnce, data.rows() - from);
            for (int row = 0; row < count; row++) {
                data.copyRow(from + row, rows, row * width);
            }
            model.score(rows, count, scores);
            if (model.hasDensity()) {
                model.logDensity(rows, count, logDensities);
            }
            for (int row = 0; row < count; row++) {
                append(text, model, logDensities[row], scores, row);
                lost += Double.isFinite(logDensities[row]) ? 0 : 1;
            }
            out.append(text);
            text.setLength(0);
            Stdout.requireWritten(out);
        }
        if (lost > 0) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "note: %d of %d rows lie so far from the data that single precision has no log-density for them"
                                    .formatted(lost, data.rows()));
        }
    }

    private List<String> header(ScoreModel model) {
        List<String> names = new ArrayList<>();
        if (model.hasDensity()) {
            names.add("log_density");
            if (model.conditions().isEmpty()) {
                names.add("percentile");
            }
        }
        if (vectors) {
            model.columns().forEach(name -> names.add("score_" + name));
        } else {
            names.add("score_norm");
        }
        return names;
    }

    private void append(StringBuilder text, ScoreModel model, double logDensity, double[] scores, int row) {
        if (model.hasDensity()) {
            text.append(CsvText.single(logDensity)).append(',');
            if (model.conditions().isEmpty()) {
                text.append(CsvText.single(model.percentile(logDensity))).append(',');
            }
        }
        int dimension = model.columns().size();
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            double value = scores[row * dimension + i];
            square += value * value;
            if (vectors) {
                text.append(i == 0 ? "" : ",").append(CsvText.single(value));
            }
        }
        if (!vectors) {
            text.append(CsvText.single(Math.sqrt(square)));
        }
        text.append('\n');
    }
}
