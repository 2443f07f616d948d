package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.MissingValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a CSV file is written. */
@Heading("The CSV file")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CsvFormatOptions {
    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = Converters.Delimiter.class,
            defaultValue = Option.NULL_VALUE,
            description = "Character between fields, or 'tab'. Without it, comma, semicolon or tab is found out.")
    private @org.jspecify.annotations.Nullable Character delimiter;

    @Option(names = "--no-header", description = "The first line holds data; columns are then called c1, c2, ...")
    private boolean noHeader;

    @Option(
            names = "--missing",
            paramLabel = "error|drop",
            converter = Converters.Missing.class,
            completionCandidates = Converters.Missing.class,
            defaultValue = "error",
            description = "What to do with rows that lack a value (default: ${DEFAULT-VALUE}).")
    private MissingValues missing;

    CsvOptions options() {
        return CsvOptions.DEFAULT
                .withDelimiter(delimiter == null ? 0 : delimiter)
                .withHeader(!noHeader)
                .withMissing(missing);
    }

    /** Some columns of a file, by name; others may hold anything. */
    Dataset read(Path file, List<String> wanted, List<String> ignored) throws IOException {
        List<String> present = CsvReader.columns(file, options());
        List<String> missingColumns = new ArrayList<>(wanted);
        missingColumns.removeAll(present);
        if (!missingColumns.isEmpty()) {
            throw new BadInputException(file + " lacks "
                    + (missingColumns.size() == 1 ? "the column '" : "the columns '")
                    + String.join("', '", missingColumns) + "' of the model; it has " + String.join(", ", present)
                    + ". Rename its columns, or name the character between fields with --delimiter");
        }
        ignored.addAll(present);
        ignored.removeAll(wanted);
        return CsvReader.read(file, options().withColumns(wanted).withMinimumRows(1));
    }
}
