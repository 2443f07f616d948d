package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.MissingValues;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a CSV file is written. */
@Heading("The CSV file")
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

    CsvOptions options() {
        return text.options().withMissing(missing);
    }

    /** Some columns of a file, by name; others may hold anything. */
    Dataset read(Path file, List<String> wanted, List<String> ignored) throws IOException {
        List<String> present = CsvReader.columns(file, options());
        ModelTable.requireColumns(file, wanted, present);
        ignored.addAll(present);
        ignored.removeAll(wanted);
        return CsvReader.read(file, options().withColumns(wanted).withMinimumRows(1));
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
