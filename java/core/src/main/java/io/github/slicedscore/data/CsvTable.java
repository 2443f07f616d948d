package io.github.slicedscore.data;

import io.github.slicedscore.internal.text.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the parts of a CSV file, and says what is wrong with it. Only a record that is no CSV or has the wrong number of fields
 * stops the reading at once; the other faults wait for the end, so that all text columns are named together.
 */
final class CsvTable {
    /** Faults that a message describes, and the longest option that it gives to be pasted; all of it is to be read. */
    private static final int MOST_FAULTS = 4;

    private static final int LONGEST_OPTION = 150;

    private final Path path;
    private final CsvOptions options;
    private final CsvLayout layout;
    private final RowSink sink;
    private final CsvBlock.@Nullable Fault[] texts;
    private CsvBlock.@Nullable Fault infinite;
    private CsvBlock.@Nullable Fault missing;
    private boolean refused;
    private long lines;
    private long rows;
    private long incomplete;

    /**
     * An empty table.
     *
     * @param lines lines of the file before the first part
     */
    CsvTable(Path path, CsvOptions options, CsvLayout layout, RowSink sink, long lines) {
        this.path = path;
        this.options = options;
        this.layout = layout;
        this.sink = sink;
        this.lines = lines;
        this.texts = new CsvBlock.@Nullable Fault[layout.width()];
    }

    /** Takes the next part in. */
    void add(CsvBlock block) throws IOException {
        for (int column = 0; column < texts.length; column++) {
            texts[column] = first(texts[column], block.text(column));
            refused |= texts[column] != null;
        }
        infinite = first(infinite, block.infinite());
        missing = first(missing, block.missing());
        refused |= infinite != null || (missing != null && options.missing() == MissingValues.ERROR);
        rows += block.rows();
        incomplete += block.incomplete();
        // What will be refused in the end needs no room.
        if (!refused) {
            sink.add(block.values(), block.rows());
        }
        CsvBlock.Ragged ragged = block.ragged();
        if (ragged != null) {
            requireWidth(path, line(ragged.line()), ragged.fields(), layout.fields());
        }
        CsvBlock.Malformed malformed = block.malformed();
        if (malformed != null) {
            throw malformed(path, line(malformed.line()), malformed.reason(), malformed.cause());
        }
        lines += block.lines();
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

    /** Throws if there is nothing under the header. */
    static void requireRows(Path path, long rows) throws MalformedDataException {
        if (rows == 0) {
            throw new MalformedDataException(
                    path + " holds a header, but no rows; if its one line is data, pass --no-header");
        }
    }

    /** Says that a record is no CSV. */
    static MalformedDataException malformed(Path path, long line, String reason, Throwable cause) {
        return new MalformedDataException(
                "%s, line %d: %s; is a quote left open?".formatted(path, line, reason), cause);
    }

    private CsvBlock.@Nullable Fault first(CsvBlock.@Nullable Fault earlier, CsvBlock.@Nullable Fault found) {
        if (earlier != null || found == null) {
            return earlier;
        }
        return new CsvBlock.Fault(found.column(), line(found.line()), found.field());
    }

    /** A line of the file, from 1, of a line of the part. */
    private long line(long ofPart) {
        return lines + ofPart + 1;
    }

    /** Number of rows so far. */
    long rows() {
        return rows;
    }

    /** Number of rows left out. */
    long dropped() {
        return incomplete;
    }

    /** Throws if there was a fault. */
    void requireSound() throws MalformedDataException {
        requireRows(path, rows + incomplete);
        checkTexts();
        if (infinite != null) {
            throw new MalformedDataException(
                    "%s, line %d: '%s' in column '%s' is not a finite number; correct the field%s"
                            .formatted(
                                    path,
                                    infinite.line(),
                                    infinite.field(),
                                    name(infinite),
                                    orWithout(", or leave the column out with ", name(infinite))));
        }
        if (missing != null && options.missing() == MissingValues.ERROR) {
            throw new MalformedDataException(
                    ("%s, line %d: column '%s' has no number%s; %d of %d rows have missing values;"
                                    + " leave them out with --missing drop%s")
                            .formatted(
                                    path,
                                    missing.line(),
                                    name(missing),
                                    missing.field().isEmpty() ? "" : " but '" + missing.field() + "'",
                                    incomplete,
                                    rows + incomplete,
                                    orWithout(", or the column with ", name(missing))));
        }
        TableRows.requireEnough(path, options, rows, incomplete);
    }

    private String name(CsvBlock.Fault fault) {
        return layout.names().get(fault.column());
    }

    /** The advice to drop a column, unless it was asked for by name. */
    private String orWithout(String words, String column) {
        return options.columns().isEmpty() ? words + DropOption.of(List.of(column)) : "";
    }

    private void checkTexts() throws MalformedDataException {
        List<CsvBlock.Fault> faults = new ArrayList<>();
        for (CsvBlock.Fault fault : texts) {
            if (fault != null) {
                faults.add(fault);
            }
        }
        if (faults.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder(path.toString());
        if (faults.size() == 1) {
            CsvBlock.Fault fault = faults.get(0);
            message.append(
                    ", line %d: column '%s' holds text: '%s'".formatted(fault.line(), name(fault), fault.field()));
        } else {
            message.append(": " + faults.size() + " columns hold text:");
            String separator = "";
            for (CsvBlock.Fault fault : faults.subList(0, Math.min(faults.size(), MOST_FAULTS))) {
                message.append("%s '%s' (line %d: '%s')"
                        .formatted(separator, Shown.name(name(fault)), fault.line(), fault.field()));
                separator = ",";
            }
            if (faults.size() > MOST_FAULTS) {
                message.append(" and others");
            }
        }
        message.append("; ").append(mendTexts(faults));
        throw new MalformedDataException(message.toString());
    }

    private String mendTexts(List<CsvBlock.Fault> faults) {
        if (layout.fields() == 1) {
            return "the file has one column only; if it should have more, name the character between fields with --delimiter";
        }
        if (!options.header()
                && faults.stream()
                        .allMatch(fault -> fault.line() == faults.get(0).line())
                && faults.size() == layout.width()) {
            return "if the first line is a header, leave out --no-header";
        }
        if (faults.size() == layout.width()) {
            return "no column of numbers is left";
        }
        if (!options.columns().isEmpty()) {
            return "correct the fields; the column was asked for by name";
        }
        String drop = DropOption.of(faults.stream().map(this::name).toList());
        if (drop.length() > LONGEST_OPTION) {
            return "leave out columns with --drop, or name those to keep with --columns";
        }
        return (faults.size() == 1 ? "leave it out with " : "leave them out with ") + drop;
    }
}
