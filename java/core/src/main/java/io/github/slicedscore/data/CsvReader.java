package io.github.slicedscore.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Reads tables of numbers from CSV files (RFC 4180, UTF-8 with or without a byte order mark, any line ends; blank lines
 * are skipped), also from those that gzip packed.
 *
 * <p>Columns that are dropped may hold anything. Numbers are decimal, with a point.
 *
 * <p>Several threads parse parts of a file at the same time; what comes out does not depend on how many. Beside the numbers
 * themselves that takes a few megabytes.
 */
public final class CsvReader {
    /** Bytes of a file that a thread parses at a time. */
    private static final int PART = 1 << 20;

    /** Where only the head is cut off, a splitter needs no room for a part. */
    private static final int NO_PART = 1;

    /** What fields of text may take of Java's memory; collecting garbage takes ever longer as it fills. */
    private static final double MOST_MEMORY = 0.75;

    /** As many as binary files may have. */
    private static final int MOST_COLUMNS = 1 << 20;

    private CsvReader() {}

    /**
     * Reads a file.
     *
     * @param path the file
     * @param options how
     * @return its columns of numbers
     * @throws MalformedDataException if the file cannot be used; the message says why, where, and what to do
     * @throws IOException if reading fails
     */
    public static Dataset read(Path path, CsvOptions options) throws IOException {
        return read(path, options, ReadOptions.DEFAULT);
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @param options how
     * @param cost what it may cost, and who hears of it
     * @return its columns of numbers
     * @throws MalformedDataException if the file cannot be used, or has more numbers than Java has memory for; the message says
     *     why, where, and what to do
     * @throws IOException if reading fails
     */
    public static Dataset read(Path path, CsvOptions options, ReadOptions cost) throws IOException {
        return read(path, options, cost, PART);
    }

    /** Reads a file in parts of another size. */
    static Dataset read(Path path, CsvOptions options, ReadOptions cost, int part) throws IOException {
        try (SourceFile source = SourceFile.open(path, cost.maxRatio())) {
            return read(source, options, cost, part, columns -> new HeapSink(path, columns))
                    .dataset();
        }
    }

    /** Hands the rows of a file to a sink. */
    static <S extends RowSink> S read(
            SourceFile source, CsvOptions options, ReadOptions cost, RowSink.Opening<S> opening) throws IOException {
        return read(source, options, cost, PART, opening);
    }

    private static <S extends RowSink> S read(
            SourceFile source, CsvOptions options, ReadOptions cost, int part, RowSink.Opening<S> opening)
            throws IOException {
        Path path = source.path();
        try {
            CsvSplitter splitter = new CsvSplitter(source.content(), part);
            char delimiter = options.delimiter() == 0 ? splitter.delimiter() : options.delimiter();
            byte[] first = first(path, splitter, delimiter);
            List<String> names = names(path, options, delimiter, first);
            CsvLayout layout = CsvLayout.of(names, ColumnChoice.kept(path, options, names));
            S sink = opening.open(layout.names());
            long linesBefore = 0;
            if (options.header()) {
                splitter.skip(first.length);
                linesBefore = QuotedCsvParser.lines(first, 0, first.length);
            }
            CsvTable table = new CsvTable(path, options, layout, sink, linesBefore);
            new ParallelCsv(source, splitter, layout, delimiter, table, sink, cost).run();
            table.requireSound();
            return sink;
        } catch (CharacterCodingException e) {
            throw notText(path, e);
        } catch (OutOfMemoryError e) {
            throw MalformedDataException.tooLarge(path, e);
        }
    }

    /**
     * Names of the columns of a file, from its first line alone.
     *
     * @param path the file
     * @param options how; what they keep and drop makes no difference here
     * @return the names in the file's order
     * @throws MalformedDataException if the file cannot be used; the message says why, where, and what to do
     * @throws IOException if reading fails
     */
    public static List<String> columns(Path path, CsvOptions options) throws IOException {
        try (SourceFile source = SourceFile.open(path, ReadOptions.DEFAULT_MAX_RATIO)) {
            return columns(source, options);
        }
    }

    /**
     * All fields of a file as they stand there.
     *
     * @param path the file
     * @param options its delimiter, and whether it has a header; the others make no difference here
     * @return the text of its fields; at least one row
     * @throws MalformedDataException if the file cannot be used; the message says why, where, and what to do
     * @throws IOException if reading fails
     */
    public static TextTable text(Path path, CsvOptions options) throws IOException {
        try (SourceFile source = SourceFile.open(path, ReadOptions.DEFAULT_MAX_RATIO)) {
            CsvSplitter splitter = new CsvSplitter(source.content(), NO_PART);
            char delimiter = options.delimiter() == 0 ? splitter.delimiter() : options.delimiter();
            List<CsvRecord> records = records(path, delimiter, splitter.rest(), Integer.MAX_VALUE);
            List<String> names = names(path, options, records.get(0));
            return TextTable.of(
                    path, delimiter, names, options.header() ? records.subList(1, records.size()) : records);
        } catch (CharacterCodingException e) {
            throw notText(path, e);
        } catch (OutOfMemoryError e) {
            throw MalformedDataException.tooLarge(path, e);
        }
    }

    static List<String> columns(SourceFile source, CsvOptions options) throws IOException {
        try {
            CsvSplitter splitter = new CsvSplitter(source.content(), NO_PART);
            char delimiter = options.delimiter() == 0 ? splitter.delimiter() : options.delimiter();
            return names(source.path(), options, delimiter, first(source.path(), splitter, delimiter));
        } catch (CharacterCodingException e) {
            throw notText(source.path(), e);
        }
    }

    private static MalformedDataException notText(Path path, CharacterCodingException e) {
        return new MalformedDataException(path + " is not text in UTF-8; save it in that encoding", e);
    }

    /** The first record, which holds the names. */
    private static byte[] first(Path path, CsvSplitter splitter, char delimiter) throws IOException {
        byte[] first = splitter.first(delimiter);
        if (first.length >= CsvSplitter.LONGEST_RECORD) {
            throw new MalformedDataException(
                    path + ", line 1: the first record has more than 16 MiB; is a quote left open?");
        }
        return first;
    }

    private static List<String> names(Path path, CsvOptions options, char delimiter, byte[] first) throws IOException {
        return names(
                path,
                options,
                records(path, delimiter, new ByteArrayInputStream(first), 1).get(0));
    }

    private static List<String> names(Path path, CsvOptions options, CsvRecord first) throws MalformedDataException {
        List<String> names = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < first.getFieldCount(); i++) {
            String name = options.header() ? first.getField(i).strip() : "c" + (i + 1);
            if (name.isEmpty()) {
                throw new MalformedDataException(("%s, line %d: column %d has no name; name it in the header, or pass"
                                + " --no-header if the line holds data")
                        .formatted(path, first.getStartingLineNumber(), i + 1));
            }
            Integer earlier = places.putIfAbsent(name, i + 1);
            if (earlier != null) {
                throw new MalformedDataException(
                        ("%s, line %d: columns %d and %d are both called '%s'; rename one, or pass"
                                        + " --no-header if the line holds data")
                                .formatted(path, first.getStartingLineNumber(), earlier, i + 1, name));
            }
            names.add(name);
        }
        return names;
    }

    /** The first records, at most so many and at least one. */
    private static List<CsvRecord> records(Path path, char delimiter, InputStream text, int most) throws IOException {
        List<CsvRecord> records = new ArrayList<>();
        try {
            Iterator<CsvRecord> all = QuotedCsvParser.builder(delimiter)
                    .build(
                            CsvRecordHandler.of(fields -> fields.maxFields(MOST_COLUMNS)),
                            new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()))
                    .iterator();
            long memory = 0;
            while (records.size() < most && all.hasNext()) {
                CsvRecord record = all.next();
                memory += TextTable.memory(record);
                if (memory > MOST_MEMORY * Runtime.getRuntime().maxMemory()) {
                    throw new MalformedDataException(
                            path + " takes more memory as a table of text than Java has; allow it more with -Xmx");
                }
                records.add(record);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            QuotedCsvParser.requireMemory(e);
            CsvRecord last = records.isEmpty() ? null : records.get(records.size() - 1);
            throw CsvTable.malformed(
                    path, last == null ? 1 : last.getStartingLineNumber() + 1, QuotedCsvParser.reason(e), e);
        }
        if (records.isEmpty()) {
            throw new MalformedDataException(path + " is empty");
        }
        return records;
    }
}
