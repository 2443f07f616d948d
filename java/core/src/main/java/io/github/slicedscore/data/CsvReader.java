package io.github.slicedscore.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Reads tables of numbers from CSV files (RFC 4180, UTF-8 with or without a byte order mark, any line ends; blank lines
 * are skipped).
 *
 * <p>Columns that are dropped may hold anything. Numbers are decimal, with a point.
 */
public final class CsvReader {
    private static final System.Logger LOG = System.getLogger(CsvReader.class.getName());
    private static final int DETECTION_LIMIT = 1 << 16;

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
        return withText(path, options, CsvReader::read);
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
        return withText(path, options, (file, how, delimiter, text) -> {
            CsvRecordParser parser = new CsvRecordParser();
            first(file, records(delimiter, parser, text));
            return names(file, how, parser.first(), parser.line());
        });
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
        return withText(path, options, (file, how, delimiter, text) -> {
            List<CsvRecord> records = new ArrayList<>();
            format(delimiter).ofCsvRecord(text).forEach(records::add);
            CsvRecord first = first(file, records.iterator());
            List<String> names = names(file, how, first.getFields(), first.getStartingLineNumber());
            return TextTable.of(file, delimiter, names, how.header() ? records.subList(1, records.size()) : records);
        });
    }

    /** What is made of a file's text. */
    private interface Reading<T> {
        T read(Path path, CsvOptions options, char delimiter, BufferedReader text) throws IOException;
    }

    private static <T> T withText(Path path, CsvOptions options, Reading<T> reading) throws IOException {
        if (!Files.exists(path)) {
            throw new MalformedDataException("there is no file " + path + " (in full "
                    + path.toAbsolutePath().normalize() + ")");
        }
        if (Files.isDirectory(path)) {
            throw new MalformedDataException(path + " is a directory; name a CSV file in it");
        }
        try (BufferedReader text = open(path)) {
            char delimiter = options.delimiter() == 0 ? detectDelimiter(text) : options.delimiter();
            try {
                return reading.read(path, options, delimiter, text);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        } catch (CharacterCodingException e) {
            throw new MalformedDataException(path + " is not text in UTF-8; save it in that encoding, uncompressed", e);
        } catch (CsvParseException e) {
            String detail = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            throw new MalformedDataException(path + ": " + e.getMessage() + detail + "; is a quote left open?", e);
        }
    }

    private static BufferedReader open(Path path) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(path));
        bytes.mark(3);
        if (bytes.read() != 0xEF || bytes.read() != 0xBB || bytes.read() != 0xBF) {
            bytes.reset();
        }
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    /** The one of comma, semicolon and tab that stands most often outside quotes on the first line; else a comma. */
    private static char detectDelimiter(BufferedReader text) throws IOException {
        text.mark(DETECTION_LIMIT);
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean quoted = false;
        boolean blank = true;
        for (int i = 0; i < DETECTION_LIMIT; i++) {
            int c = text.read();
            if (c < 0 || (!blank && !quoted && (c == '\n' || c == '\r'))) {
                break;
            }
            blank &= c == '\n' || c == '\r';
            quoted ^= c == '"';
            if (!quoted) {
                commas += c == ',' ? 1 : 0;
                semicolons += c == ';' ? 1 : 0;
                tabs += c == '\t' ? 1 : 0;
            }
        }
        text.reset();
        if (commas >= semicolons && commas >= tabs) {
            return ',';
        }
        return semicolons >= tabs ? ';' : '\t';
    }

    private static Dataset read(Path path, CsvOptions options, char delimiter, BufferedReader text) throws IOException {
        CsvRecordParser parser = new CsvRecordParser();
        Iterator<CsvRecordParser> records = records(delimiter, parser, text);
        first(path, records);
        List<String> names = names(path, options, parser.first(), parser.line());
        int[] kept = keptColumns(path, options, names);
        String[] keptNames = Arrays.stream(kept).mapToObj(names::get).toArray(String[]::new);
        parser.expect(names.size(), kept);
        CsvTable table = new CsvTable(path, options, parser, keptNames);
        if (!options.header()) {
            parser.parseFirst();
            table.add();
        }
        while (records.hasNext()) {
            records.next();
            table.add();
        }
        Dataset dataset = table.finish();
        if (table.dropped() > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: left out {1} of {2} rows, which have missing values",
                    path,
                    table.dropped(),
                    table.dropped() + dataset.rows());
        }
        return dataset;
    }

    /** The file's records, which are the parser itself each time. */
    private static Iterator<CsvRecordParser> records(char delimiter, CsvRecordParser parser, BufferedReader text) {
        return format(delimiter).build(parser, text).iterator();
    }

    private static CsvReaderBuilder format(char delimiter) {
        return de.siegmar.fastcsv.reader.CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    }

    private static <T> T first(Path path, Iterator<T> records) throws MalformedDataException {
        if (!records.hasNext()) {
            throw new MalformedDataException(path + " is empty");
        }
        return records.next();
    }

    private static List<String> names(Path path, CsvOptions options, List<String> first, long line)
            throws MalformedDataException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            String name = options.header() ? first.get(i).strip() : "c" + (i + 1);
            if (name.isEmpty()) {
                throw new MalformedDataException(("%s, line %d: column %d has no name; name it in the header, or pass"
                                + " --no-header if the line holds data")
                        .formatted(path, line, i + 1));
            }
            if (names.contains(name)) {
                throw new MalformedDataException(
                        ("%s, line %d: columns %d and %d are both called '%s'; rename one, or pass"
                                        + " --no-header if the line holds data")
                                .formatted(path, line, names.indexOf(name) + 1, i + 1, name));
            }
            names.add(name);
        }
        return names;
    }

    /** Indices in the file of the columns to keep, in the order of the dataset. */
    private static int[] keptColumns(Path path, CsvOptions options, List<String> names) throws MalformedDataException {
        checkKnown(path, "--columns", options.columns(), names);
        checkKnown(path, "--drop", options.drop(), names);
        List<String> kept = new ArrayList<>(options.columns().isEmpty() ? names : options.columns());
        kept.removeAll(options.drop());
        if (kept.isEmpty()) {
            throw new MalformedDataException(
                    path + ": --drop leaves no column of " + String.join(", ", names) + "; drop fewer");
        }
        for (int i = 0; i < kept.size(); i++) {
            if (kept.indexOf(kept.get(i)) < i) {
                throw new MalformedDataException(
                        path + ": --columns names '" + kept.get(i) + "' twice; name each column once");
            }
        }
        return kept.stream().mapToInt(names::indexOf).toArray();
    }

    private static void checkKnown(Path path, String option, List<String> wanted, List<String> names)
            throws MalformedDataException {
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw new MalformedDataException("%s: %s names '%s', which is not a column; there are %s"
                        .formatted(path, option, name, String.join(", ", names)));
            }
        }
    }
}
