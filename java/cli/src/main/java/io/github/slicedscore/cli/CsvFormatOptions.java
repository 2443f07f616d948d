package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.DataReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.MissingValues;
import io.github.slicedscore.data.ReadOptions;
import io.github.slicedscore.data.ReadProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a data file is read: a CSV file, or one of another format that {@link DataReader} knows. */
@Heading("The data file")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CsvFormatOptions {
    @Mixin
    private TextFormatOptions text;

    @Option(
            names = "--missing",
            paramLabel = "error|drop",
            converter = Converters.Missing.class,
            completionCandidates = Converters.Missing.class,
            defaultValue = "error",
            description = "What to do with rows that lack a value (default: ${DEFAULT-VALUE}).")
    private MissingValues missing;

    @Option(
            names = "--max-ratio",
            paramLabel = "N",
            converter = Converters.Positive.class,
            defaultValue = "" + ReadOptions.DEFAULT_MAX_RATIO,
            description = "Refuse gzip files that unpack to more than N times their size (default: ${DEFAULT-VALUE}).")
    private double maxRatio;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    CsvOptions options() {
        return text.options().withMissing(missing);
    }

    /** Names of a file's columns. */
    List<String> columns(Path file) throws IOException {
        text.requireFits(DataReader.format(file), file);
        return DataReader.columns(file, options());
    }

    /** Some columns of a file, by name; others may hold anything. */
    Dataset read(Path file, List<String> wanted) throws IOException {
        return read(file, wanted, columns(file));
    }

    /** A model's columns of a file, then its conditions; a note names the columns that it does not know. */
    Dataset read(Path file, ScoreModel model) throws IOException {
        List<String> wanted = ModelTable.namesOf(model);
        List<String> present = columns(file);
        Dataset table = read(file, wanted, present).select(wanted);
        List<String> ignored = new ArrayList<>(present);
        ignored.removeAll(new HashSet<>(wanted));
        if (!ignored.isEmpty()) {
            command.commandLine()
                    .getErr()
                    .println("note: columns of " + file + " that the model does not know are ignored: "
                            + String.join(", ", ignored));
        }
        return table;
    }

    private Dataset read(Path file, List<String> wanted, List<String> present) throws IOException {
        ModelTable.requireColumns(file, wanted, present);
        return read(file, options().withColumns(wanted).withMinimumRows(1), false);
    }

    /** Reads a file, and shows how it comes along unless it is to be silent. */
    Dataset read(Path file, CsvOptions how, boolean quiet) throws IOException {
        return showing(file, quiet, cost -> DataReader.read(file, how, cost));
    }

    /** What reads a file. */
    interface Reading<T> {
        T read(ReadOptions cost) throws IOException;
    }

    /** Reads a file in some way, and shows how it comes along unless it is to be silent. */
    <T> T showing(Path file, boolean quiet, Reading<T> reading) throws IOException {
        if (maxRatio < 1) {
            throw new BadInputException("--max-ratio: nothing unpacks to less than its size; give at least 1");
        }
        ReadingLine line = new ReadingLine(new StatusLine(command.commandLine().getErr()), file);
        try {
            return reading.read(new ReadOptions(0, maxRatio, quiet ? ReadProgress.NONE : line));
        } finally {
            line.finish();
        }
    }

    /** All of a file as it stands there, of whose columns a model knows some; these may lack values. */
    ModelTable readText(Path file, List<String> names) throws IOException {
        return text.read(file, names);
    }

    /** Rows that lack no value; the others are left out with a note, or refused, as --missing says. */
    int[] completeRows(ModelTable table, PrintWriter err) {
        int[] complete = table.completeRows();
        if (missing == MissingValues.ERROR) {
            table.requirePresent(
                    table.names(),
                    "leave such rows out with --missing drop, or fill them in with 'slicedscore impute'");
        }
        if (complete.length == 0) {
            throw new BadInputException(table.file() + " has no row without missing values");
        }
        if (complete.length < table.rows()) {
            err.println("note: " + table.file() + ": left out " + (table.rows() - complete.length) + " of "
                    + table.rows() + " rows, which have missing values");
        }
        return complete;
    }
}
