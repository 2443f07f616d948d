package io.github.slicedscore.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows of a CSV file and its faults. Only a ragged row stops the reading at once; the others wait for the
 * end, so that all text columns are named together.
 */
final class CsvTable {
    /** The first bad field of a column. */
    private record Fault(String column, long line, String field) {}

    private final Path path;
    private final CsvOptions options;
    private final CsvRecordParser parser;
    private final String[] names;
    private final @Nullable Fault[] texts;
    private @Nullable Fault infinite;
    private @Nullable Fault missing;
    private double[] values;
    private int rows;
    private int incomplete;

    CsvTable(Path path, CsvOptions options, CsvRecordParser parser, String[] names) {
        this.path = path;
        this.options = options;
        this.parser = parser;
        this.names = names;
        this.texts = new @Nullable Fault[names.length];
        this.values = new double[Math.multiplyExact(names.length, 64)];
    }

    /** Takes the parser's record in. */
    void add() throws MalformedDataException {
        requireWidth(path, parser.line(), parser.fields(), parser.width());
        boolean complete = true;
        for (int column = 0; column < names.length; column++) {
            CsvRecordParser.Kind kind = parser.kind(column);
            if (kind == CsvRecordParser.Kind.NUMBER) {
                continue;
            }
            Fault fault = new Fault(names[column], parser.line(), parser.sample(column));
            switch (kind) {
                case TEXT -> texts[column] = texts[column] == null ? fault : texts[column];
                case INFINITE -> infinite = infinite == null ? fault : infinite;
                default -> {
                    missing = missing == null ? fault : missing;
                    complete = false;
                }
            }
        }
        if (complete) {
            append(parser.numbers());
        } else {
            incomplete++;
        }
    }

    /** Throws unless a line has as many fields as the first one. */
    static void requireWidth(Path path, long line, int fields, int width) throws MalformedDataException {
        if (fields != width) {
            throw new MalformedDataException(
                    ("%s, line %d: %d field%s where the first line has %d; correct the line, or"
                                    + " name the character between fields with --delimiter")
                            .formatted(path, line, fields, fields == 1 ? "" : "s", width));
        }
    }

    private void append(double[] row) throws MalformedDataException {
        int size = rows * names.length;
        if (size + row.length > values.length) {
            long grown = Math.min(2L * values.length, Integer.MAX_VALUE - 8);
            if (grown < (long) size + row.length) {
                throw new MalformedDataException(("%s, line %d: more than 2^31 values do not fit into one dataset; keep"
                                + " fewer columns with --columns")
                        .formatted(path, parser.line()));
            }
            values = Arrays.copyOf(values, (int) grown);
        }
        System.arraycopy(row, 0, values, size, row.length);
        rows++;
    }

    /** Number of rows left out. */
    int dropped() {
        return incomplete;
    }

    /** The dataset, unless there was a fault. */
    Dataset finish() throws MalformedDataException {
        requireRows(path, rows + incomplete);
        checkTexts();
        if (infinite != null) {
            throw new MalformedDataException(
                    "%s, line %d: '%s' in column '%s' is not a finite number; correct the field%s"
                            .formatted(
                                    path,
                                    infinite.line(),
                                    infinite.field(),
                                    infinite.column(),
                                    orWithout(", or leave the column out with ", infinite.column())));
        }
        if (missing != null && options.missing() == MissingValues.ERROR) {
            throw new MalformedDataException(
                    ("%s, line %d: column '%s' has no number%s; %d of %d rows have missing values;"
                                    + " leave them out with --missing drop%s")
                            .formatted(
                                    path,
                                    missing.line(),
                                    missing.column(),
                                    missing.field().isEmpty() ? "" : " but '" + missing.field() + "'",
                                    incomplete,
                                    rows + incomplete,
                                    orWithout(", or the column with ", missing.column())));
        }
        if (rows < options.minimumRows()) {
            throw new MalformedDataException("%s has too few rows: %d%s; there must be at least %s"
                    .formatted(
                            path,
                            rows,
                            incomplete == 0 ? "" : " without missing values, of " + (rows + incomplete),
                            switch (options.minimumRows()) {
                                case 1 -> "one row";
                                case 2 -> "two rows";
                                default -> options.minimumRows() + " rows";
                            }));
        }
        return Dataset.adopt(List.of(names), Arrays.copyOf(values, rows * names.length));
    }

    /** Throws if there is nothing under the header. */
    static void requireRows(Path path, int rows) throws MalformedDataException {
        if (rows == 0) {
            throw new MalformedDataException(
                    path + " holds a header, but no rows; if its one line is data, pass --no-header");
        }
    }

    /** The advice to drop a column, unless it was asked for by name. */
    private String orWithout(String words, String column) {
        return options.columns().isEmpty() ? words + DropOption.of(List.of(column)) : "";
    }

    private void checkTexts() throws MalformedDataException {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : texts) {
            if (fault != null) {
                faults.add(fault);
            }
        }
        if (faults.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder(path.toString());
        if (faults.size() == 1) {
            Fault fault = faults.get(0);
            message.append(
                    ", line %d: column '%s' holds text: '%s'".formatted(fault.line(), fault.column(), fault.field()));
        } else {
            message.append(": " + faults.size() + " columns hold text:");
            String separator = "";
            for (Fault fault : faults) {
                message.append(
                        "%s '%s' (line %d: '%s')".formatted(separator, fault.column(), fault.line(), fault.field()));
                separator = ",";
            }
        }
        message.append("; ").append(mendTexts(faults));
        throw new MalformedDataException(message.toString());
    }

    private String mendTexts(List<Fault> faults) {
        if (parser.width() == 1) {
            return "the file has one column only; if it should have more, name the character between fields with --delimiter";
        }
        if (!options.header()
                && faults.stream()
                        .allMatch(fault -> fault.line() == faults.get(0).line())
                && faults.size() == names.length) {
            return "if the first line is a header, leave out --no-header";
        }
        if (faults.size() == names.length) {
            return "no column of numbers is left";
        }
        if (!options.columns().isEmpty()) {
            return "correct the fields; the column was asked for by name";
        }
        return (faults.size() == 1 ? "leave it out with " : "leave them out with ")
                + DropOption.of(faults.stream().map(Fault::column).toList());
    }
}
