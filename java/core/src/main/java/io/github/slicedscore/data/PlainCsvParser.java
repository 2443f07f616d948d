package io.github.slicedscore.data;

import java.nio.charset.StandardCharsets;

/**
 * Reads records in which no quote stands and every character is ASCII: there a line end ends a record and a delimiter a field,
 * wherever they stand. It reads numbers in place; a field that is anything else, it reads as {@link QuotedCsvParser} does.
 */
final class PlainCsvParser {
    private final CsvLayout layout;
    private final byte delimiter;
    private final DecimalParser decimals = new DecimalParser();

    PlainCsvParser(CsvLayout layout, byte delimiter) {
        this.layout = layout;
        this.delimiter = delimiter;
    }

    /** Whether files with a delimiter can be read: it must be one byte, and none that may stand in a number. */
    static boolean takes(char delimiter) {
        return delimiter < 128 && "0123456789+-.eE".indexOf(delimiter) < 0;
    }

    /** Reads the records in bytes from .. to - 1, the last of which ends a line. */
    void parse(byte[] text, int from, int to, CsvBlock into) {
        int at = from;
        long line = 0;
        while (at < to) {
            if (!isLineEnd(text[at])) {
                into.begin(line);
                int field = 0;
                at = field(text, at, field++, into);
                while (text[at] == delimiter) {
                    at = field(text, at + 1, field++, into);
                }
                if (!into.end(field)) {
                    return;
                }
            }
            at += text[at] == '\r' && at + 1 < to && text[at + 1] == '\n' ? 2 : 1;
            line++;
        }
        into.lines(line);
    }

    /** Reads the field that begins at an index, and returns the index of the delimiter or line end after it. */
    private int field(byte[] text, int from, int field, CsvBlock into) {
        int column = layout.target(field);
        if (column < 0 || into.isText(column)) {
            return fieldEnd(text, from);
        }
        double value = decimals.parse(text, blanksEnd(text, from));
        if (!Double.isNaN(value)) {
            int end = blanksEnd(text, decimals.end());
            if (text[end] == delimiter || isLineEnd(text[end])) {
                into.number(column, value);
                return end;
            }
        }
        int end = fieldEnd(text, from);
        into.field(column, new String(text, from, end - from, StandardCharsets.US_ASCII));
        return end;
    }

    private int blanksEnd(byte[] text, int from) {
        int at = from;
        while (text[at] == ' ' && delimiter != ' ') {
            at++;
        }
        return at;
    }

    private int fieldEnd(byte[] text, int from) {
        int at = from;
        while (text[at] != delimiter && !isLineEnd(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }
}
