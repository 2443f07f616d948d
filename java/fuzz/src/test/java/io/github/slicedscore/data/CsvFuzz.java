package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A CSV file that is read in parts, those that allow it by the parser of plain text, is the one that is read at once by the parser
 * that knows quotes: the same table, or the same message. The first two bytes of an input are the options.
 */
public final class CsvFuzz {
    private static final String DELIMITERS = "\0,;\t e.\u00a7";
    private static final int WHOLE = 1 << 16;
    private static final String NO_TEXT = " is not text in UTF-8; save it in that encoding";
    private static final ReadOptions ONE_THREAD = ReadOptions.DEFAULT.withThreads(1);

    private CsvFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        CsvOptions options = options(input[0]);
        byte[] content = Arrays.copyOfRange(input, 2, input.length);
        int part = part(input[1], content);
        Object inParts = outcome(content, file -> CsvReader.read(file, options, ONE_THREAD, part));
        Object atOnce = outcome(content, file -> atOnce(file, content, options));
        boolean refused = inParts instanceof String && atOnce instanceof String;
        // Who reads further ahead sees sooner that a file is no text.
        if (!(refused && (inParts + "" + atOnce).contains(NO_TEXT))) {
            Hostile.requireEqual(inParts, atOnce);
        }
    }

    static CsvOptions options(byte bits) {
        CsvOptions options = CsvOptions.DEFAULT
                .withDelimiter(DELIMITERS.charAt(bits & 7))
                .withHeader((bits & 8) == 0)
                .withMissing((bits & 16) == 0 ? MissingValues.ERROR : MissingValues.DROP)
                .withMinimumRows((bits & 32) == 0 ? 1 : 2);
        return (bits & 64) == 0 ? options : options.withDrop(List.of("a"));
    }

    /** Bytes of a part: some, so that there are at most four parts, or all. */
    static int part(byte bits, byte[] content) {
        return bits < 0 ? WHOLE : 1 + bits + content.length / 4;
    }

    /** A table as text, or a message. */
    static Object outcome(byte[] content, Hostile.Reading<Dataset> reading) {
        String[] message = new String[1];
        Object table = Hostile.read(content, file -> {
                    try {
                        return text(reading.read(file));
                    } catch (MalformedDataException e) {
                        message[0] = e.getMessage();
                        throw e;
                    }
                })
                .orElse(List.of());
        return message[0] == null ? table : message[0];
    }

    /** Names, and the bits of all numbers. */
    private static List<Object> text(Dataset data) {
        List<Object> text = new ArrayList<>(data.columns());
        double[] row = new double[data.columns().size()];
        for (int i = 0; i < data.rows(); i++) {
            data.copyRow(i, row, 0);
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    throw new AssertionError(value + " in row " + i);
                }
                text.add(Double.doubleToRawLongBits(value));
            }
        }
        return text;
    }

    private static Dataset atOnce(Path file, byte[] content, CsvOptions options) throws IOException {
        List<String> names = CsvReader.columns(file, options);
        CsvLayout layout = CsvLayout.of(names, ColumnChoice.kept(file, options, names));
        HeapSink sink = new HeapSink(file, layout.names());
        CsvSplitter splitter = new CsvSplitter(new ByteArrayInputStream(content), WHOLE);
        char delimiter = options.delimiter() == 0 ? splitter.delimiter() : options.delimiter();
        byte[] first = splitter.first(delimiter);
        long lines = 0;
        if (options.header()) {
            splitter.skip(first.length);
            lines = QuotedCsvParser.lines(first, 0, first.length);
        }
        CsvTable table = new CsvTable(file, options, layout, sink, lines);
        try {
            new QuotedCsvParser(layout, delimiter).parse(splitter.rest(), table::add);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new MalformedDataException(file + NO_TEXT, e);
        }
        table.requireSound();
        return sink.dataset();
    }

    public static List<byte[]> seeds() {
        return List.of(
                seed(0, 5, "a,b\n1,2\n-3.5,4e-2\n"),
                seed(0, -1, "a;\"b;\"\";\nc\"\r\n1;\"2\"\r\n\r\n3;4"),
                seed(24, 3, "1\t2\rNA\t\r+.5\t 6 \r"),
                seed(64 + 2, 9, "\uFEFFa;h\u00f6he\n\"x\ny\";1e5\nred;12345678901234567890\n"));
    }

    private static byte[] seed(int bits, int part, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + content.length)
                .put((byte) bits)
                .put((byte) part)
                .put(content)
                .array();
    }
}
