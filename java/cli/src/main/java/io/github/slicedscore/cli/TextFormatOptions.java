package io.github.slicedscore.cli;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.DataFormat;
import io.github.slicedscore.data.DataReader;
import io.github.slicedscore.data.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a CSV file is written, for commands that decide themselves about missing values. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TextFormatOptions {
    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = Converters.Delimiter.class,
            defaultValue = Option.NULL_VALUE,
            description = "Character between fields, or 'tab'. Without it, comma, semicolon or tab is found out.")
    private @Nullable Character delimiter;

    @Option(names = "--no-header", description = "The first line holds data; columns are then called c1, c2, ...")
    private boolean noHeader;

    boolean hasHeader() {
        return !noHeader;
    }

    CsvOptions options() {
        return CsvOptions.DEFAULT
                .withDelimiter(delimiter == null ? 0 : delimiter)
                .withHeader(!noHeader);
    }

    /** Throws if an option was given that a file has no use for. */
    void requireFits(DataFormat format, Path file) {
        if (format != DataFormat.CSV && (noHeader || delimiter != null)) {
            throw new BadInputException((noHeader ? "--no-header" : "--delimiter") + " is for CSV files, and " + file
                    + " is of the format " + format.label() + "; leave it out");
        }
    }

    /** All of a file as it stands there, of whose columns a model knows some. */
    ModelTable read(Path file, List<String> names) throws IOException {
        DataFormat format = DataReader.format(file);
        if (format != DataFormat.CSV) {
            throw new BadInputException(file + " is of the format " + format.label()
                    + "; this command gives the table back with changes, so it takes CSV files alone");
        }
        TextTable text = CsvReader.text(file, options());
        ModelTable.requireColumns(file, names, text.columns());
        return new ModelTable(file, text, names, text.numbers(names));
    }
}
