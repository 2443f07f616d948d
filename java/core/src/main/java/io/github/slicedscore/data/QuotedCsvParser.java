package io.github.slicedscore.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** Reads any records of RFC 4180, with quotes and characters of UTF-8. */
final class QuotedCsvParser {
    /** Rows that are handed on together. */
    private static final int ROWS_AT_ONCE = 4096;

    /** Characters of a field: far more than a number has, and little enough to be in memory a few times. */
    private static final int LONGEST_FIELD = 1 << 22;

    private final CsvLayout layout;
    private final char delimiter;

    QuotedCsvParser(CsvLayout layout, char delimiter) {
        this.layout = layout;
        this.delimiter = delimiter;
    }

    /** Takes what was read so far. */
    interface Consumer {
        void accept(CsvBlock block) throws IOException;
    }

    /** Reads the records in bytes from .. to - 1. */
    void parse(byte[] text, int from, int to, CsvBlock into) throws IOException {
        parse(new ByteArrayInputStream(text, from, to - from), into, Integer.MAX_VALUE, block -> {});
        into.lines(lines(text, from, to));
    }

    /** Reads all records of a stream, and hands them on some thousands at a time; lines count from the start of the stream. */
    void parse(InputStream text, Consumer to) throws IOException {
        CsvBlock block = new CsvBlock(layout);
        parse(text, block, ROWS_AT_ONCE, to);
        to.accept(block);
    }

    private void parse(InputStream text, CsvBlock into, int rowsAtOnce, Consumer to) throws IOException {
        Handler handler = new Handler(layout, into);
        Reader characters = new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder());
        try {
            Iterator<Handler> records =
                    builder(delimiter).build(handler, characters).iterator();
            while (records.hasNext() && into.end(records.next().fields())) {
                if (into.rows() + into.incomplete() >= rowsAtOnce) {
                    to.accept(into);
                    into.clear();
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            requireMemory(e);
            into.malformed(handler.line(), reason(e), e);
        }
    }

    /** How all files are read. */
    static CsvReader.CsvReaderBuilder builder(char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .allowUnclosedQuote(false)
                .maxBufferSize(LONGEST_FIELD)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    }

    /** Throws what the parser took for a fault of the file. */
    static void requireMemory(CsvParseException e) {
        if (e.getCause() instanceof OutOfMemoryError error) {
            throw error;
        }
    }

    /** What the parser has against a record, without the line that it counts. */
    static String reason(CsvParseException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage())
                .replaceFirst(" \\(record starting at line \\d+\\)$", "");
    }

    /** Number of line ends: LF, CR, or both. */
    static long lines(byte[] text, int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == to || text[i + 1] != '\n'))) {
                count++;
            }
        }
        return count;
    }

    /** Puts each record's fields into a block as they are read. The instance is its own record. */
    private static final class Handler extends AbstractBaseCsvCallbackHandler<Handler> {
        private final CsvLayout layout;
        private final CsvBlock block;
        private final DecimalParser decimals = new DecimalParser();
        private byte[] ascii = new byte[64];

        Handler(CsvLayout layout, CsvBlock block) {
            this.layout = layout;
            this.block = block;
        }

        /** Line on which the record starts, from 0. */
        long line() {
            return getStartingLineNumber() - 1;
        }

        int fields() {
            return getFieldCount();
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            block.begin(startingLineNumber - 1);
        }

        @Override
        protected void handleField(int field, char[] buffer, int offset, int length, boolean quoted) {
            int column = layout.target(field);
            if (column < 0 || block.isText(column)) {
                return;
            }
            double value = number(buffer, offset, length);
            if (Double.isNaN(value)) {
                block.field(column, new String(buffer, offset, length));
            } else {
                block.number(column, value);
            }
        }

        private double number(char[] buffer, int offset, int length) {
            if (length >= ascii.length) {
                return Double.NaN;
            }
            for (int i = 0; i < length; i++) {
                char c = buffer[offset + i];
                ascii[i] = c < 128 ? (byte) c : 0;
            }
            ascii[length] = 0;
            double value = decimals.parse(ascii, 0);
            return decimals.end() == length ? value : Double.NaN;
        }

        @Override
        protected Handler buildRecord() {
            return this;
        }
    }
}
