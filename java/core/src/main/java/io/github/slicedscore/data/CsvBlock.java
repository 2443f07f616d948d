package io.github.slicedscore.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was read from a part of a CSV file: rows of numbers, and the first fault of each kind. Lines count from 0 at the start of
 * the part, so that parts can be read at the same time and joined afterwards.
 */
final class CsvBlock {
    /** A field that is no number. */
    record Fault(int column, long line, String field) {}

    /** A record that has not as many fields as the first one. */
    record Ragged(long line, int fields) {}

    /** A place where the file is no CSV. */
    record Malformed(long line, String reason, Throwable cause) {}

    /** Rows that there is room for at first, unless they are long. */
    private static final int FEWEST_ROWS = 64;

    private static final int FEWEST_NUMBERS = 1 << 14;

    private final CsvLayout layout;
    private final int width;
    private double[] values;
    private int rows;
    private int incomplete;
    private long lines;
    private final @Nullable Fault[] texts;
    private @Nullable Fault infinite;
    private @Nullable Fault missing;
    private @Nullable Ragged ragged;
    private @Nullable Malformed malformed;

    private int row;
    private long line;
    private boolean complete;

    CsvBlock(CsvLayout layout) {
        this.layout = layout;
        this.width = layout.width();
        this.values = new double[Math.multiplyExact(width, Math.max(1, Math.min(FEWEST_ROWS, FEWEST_NUMBERS / width)))];
        this.texts = new @Nullable Fault[width];
    }

    /** Forgets everything, so that another part can be read. */
    void clear() {
        rows = 0;
        incomplete = 0;
        lines = 0;
        Arrays.fill(texts, null);
        infinite = null;
        missing = null;
        ragged = null;
        malformed = null;
    }

    /** Begins the record that starts on a line. */
    void begin(long startingLine) {
        line = startingLine;
        complete = true;
        row = rows * width;
        if (row + width > values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
        }
    }

    /** Puts a number into the record. */
    void number(int column, double value) {
        values[row + column] = value;
    }

    /** Puts a field of any kind into the record. */
    void field(int column, String raw) {
        double value;
        try {
            value = CsvField.number(raw);
        } catch (NumberFormatException e) {
            texts[column] = new Fault(column, line, CsvField.sample(raw));
            return;
        }
        if (Double.isNaN(value)) {
            missing = missing == null ? new Fault(column, line, CsvField.sample(raw)) : missing;
            complete = false;
        } else if (Double.isInfinite(value)) {
            infinite = infinite == null ? new Fault(column, line, CsvField.sample(raw)) : infinite;
        } else {
            number(column, value);
        }
    }

    /** Whether a column was seen to hold text. That is enough to refuse it, so the rest of it need not be read. */
    boolean isText(int column) {
        return texts[column] != null;
    }

    /**
     * Ends the record.
     *
     * @param fields number of fields that it had
     * @return whether that was right; if not, nothing after it matters
     */
    boolean end(int fields) {
        if (fields != layout.fields()) {
            ragged = new Ragged(line, fields);
            return false;
        }
        if (complete) {
            rows++;
        } else {
            incomplete++;
        }
        return true;
    }

    /** Ends the part at a place that is no CSV. */
    void malformed(long atLine, String reason, Throwable cause) {
        malformed = new Malformed(atLine, reason, cause);
    }

    /** Says how many lines the part has. */
    void lines(long count) {
        lines = count;
    }

    /** Rows [rows, width], row-major, and perhaps more numbers after them. */
    double[] values() {
        return values;
    }

    int rows() {
        return rows;
    }

    /** Number of rows that lack a value. */
    int incomplete() {
        return incomplete;
    }

    long lines() {
        return lines;
    }

    @Nullable
    Fault text(int column) {
        return texts[column];
    }

    @Nullable
    Fault infinite() {
        return infinite;
    }

    @Nullable
    Fault missing() {
        return missing;
    }

    @Nullable
    Ragged ragged() {
        return ragged;
    }

    @Nullable
    Malformed malformed() {
        return malformed;
    }
}
