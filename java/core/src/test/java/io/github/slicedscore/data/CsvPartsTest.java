package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file read in parts, by several threads and by our own parser, is the file read at once by one that knows all of RFC 4180. */
class CsvPartsTest {
    private static final String[] LINE_ENDS = {"\n", "\r\n", "\r"};

    private static final String[] FIELDS = {
        "1", "-2.5", "0.1", "1e5", " 7 ", "12345.678901234567", "\"3\"", "\"4.5\"", "+6E-2", ".5", "5."
    };

    private static final String[] ODD_FIELDS = {
        "NA",
        "",
        " ",
        "inf",
        "1e999",
        "red",
        "\"a\nb\"",
        "\"a\r\nb,c\"",
        "\"say \"\"so\"\"\"",
        "é",
        "2024-01-31",
        "a\"b",
        "\"1\"x",
        "\"",
        "\"open",
        "\u0000",
        "1\t",
        "\t2"
    };

    @TempDir
    Path directory;

    /** A table, or the message of what was thrown. */
    private interface Read {
        Dataset read() throws IOException;
    }

    private static String outcome(Read read) throws IOException {
        try {
            Dataset data = read.read();
            StringBuilder text = new StringBuilder(data.columns().toString());
            for (int row = 0; row < data.rows(); row++) {
                for (int column = 0; column < data.columns().size(); column++) {
                    text.append(' ').append(data.value(row, column));
                }
            }
            return text.toString();
        } catch (MalformedDataException e) {
            return e.getMessage();
        }
    }

    /** The records after the header, as a stream. */
    private static Dataset atOnce(Path path, CsvOptions options, List<String> names) throws IOException {
        CsvLayout layout = CsvLayout.of(names, ColumnChoice.kept(path, options, names));
        HeapSink sink = new HeapSink(path, layout.names());
        String text = Files.readString(path);
        int head =
                text.length() - text.replaceFirst("^[^\r\n]*(\r\n|\r|\n)", "").length();
        CsvTable table = new CsvTable(path, options, layout, sink, 1);
        new QuotedCsvParser(layout, ',')
                .parse(new ByteArrayInputStream(text.substring(head).getBytes(StandardCharsets.UTF_8)), table::add);
        table.requireSound();
        return sink.dataset();
    }

    private static String table(SplittableRandom random, int columns) {
        String lineEnd = LINE_ENDS[random.nextInt(LINE_ENDS.length)];
        boolean mixed = random.nextInt(4) == 0;
        double odd = random.nextInt(3) == 0 ? 0.02 : 0;
        List<String> names = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            names.add("n" + column);
        }
        StringBuilder text = new StringBuilder(String.join(",", names)).append(lineEnd);
        int rows = random.nextInt(2, 40);
        for (int row = 0; row < rows; row++) {
            int fields = random.nextDouble() < odd ? random.nextInt(1, columns + 2) : columns;
            for (int column = 0; column < fields; column++) {
                String[] from = random.nextDouble() < odd ? ODD_FIELDS : FIELDS;
                text.append(column == 0 ? "" : ",").append(from[random.nextInt(from.length)]);
            }
            if (row + 1 < rows || random.nextBoolean()) {
                text.append(mixed ? LINE_ENDS[random.nextInt(LINE_ENDS.length)] : lineEnd);
                text.append(random.nextInt(10) == 0 ? lineEnd : "");
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void partsOfAnySizeGiveTheSameTableOrTheSameMessage(int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            int columns = random.nextInt(1, 5);
            String text = table(random, columns);
            Path path = Files.writeString(directory.resolve("data.csv"), text);
            CsvOptions options = CsvOptions.DEFAULT
                    .withDelimiter(',')
                    .withMissing(random.nextBoolean() ? MissingValues.DROP : MissingValues.ERROR)
                    .withDrop(columns > 1 && random.nextInt(3) == 0 ? List.of("n1") : List.of());
            List<String> names = CsvReader.columns(path, options);
            String expected = outcome(() -> atOnce(path, options, names));
            refused += expected.contains("data.csv") ? 1 : 0;
            for (int part : new int[] {1, 2, 7, 1 + random.nextInt(60), 1 << 20}) {
                ReadOptions cost = ReadOptions.DEFAULT.withThreads(1 + random.nextInt(3));
                assertThat(outcome(() -> CsvReader.read(path, options, cost, part)))
                        .as("in parts of %d bytes:%n%s", part, text)
                        .isEqualTo(expected);
            }
        }
        assertThat(refused).isBetween(3, 40);
    }

    @Test
    void linesInQuotesCountWhereverTheFileIsCut() throws IOException {
        Path path = Files.writeString(
                directory.resolve("data.csv"), "a,t\n1,\"x\ny\r\nz\"\n\n2,\"\"\"\n\"\"\"\r\nred,\"\"\n");
        for (int part = 1; part < 50; part++) {
            int size = part;
            assertThatThrownBy(() ->
                            CsvReader.read(path, CsvOptions.DEFAULT.withDrop(List.of("t")), ReadOptions.DEFAULT, size))
                    .hasMessageContainingAll("line 8", "'red'");
        }
    }

    @Test
    void aQuoteThatIsLeftOpenIsReportedWhereItOpens() throws IOException {
        StringBuilder text = new StringBuilder("a,b\n1,2\n3,\"4\n");
        for (int row = 0; row < 2_000_000; row++) {
            text.append("12345,67\n");
        }
        Path path = Files.writeString(directory.resolve("data.csv"), text);
        assertThatThrownBy(() -> CsvReader.read(path, CsvOptions.DEFAULT))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("line 3", "is a quote left open?");
    }

    @Test
    void aDelimiterMayBeAnyCharacter() throws IOException {
        for (String delimiter : List.of("§", "€", ".", "e", " ", "|")) {
            Path path = Files.writeString(
                    directory.resolve("data.csv"), "a,b\n1,2\n\"3\",4\n5,6\n".replace(",", delimiter));
            for (int part : new int[] {1, 3, 1 << 20}) {
                Dataset data = CsvReader.read(
                        path, CsvOptions.DEFAULT.withDelimiter(delimiter.charAt(0)), ReadOptions.DEFAULT, part);
                assertThat(data.columns()).containsExactly("a", "b");
                assertThat(data.column(1)).containsExactly(2, 4, 6);
            }
        }
    }

    @Test
    void manyPiecesOfMemoryAreOneTable() throws IOException {
        StringBuilder text = new StringBuilder("a,b,c\n");
        for (int row = 0; row < 60_000; row++) {
            text.append(row)
                    .append(',')
                    .append(-row)
                    .append(',')
                    .append(row / 7.0)
                    .append('\n');
        }
        Dataset data = CsvReader.read(Files.writeString(directory.resolve("data.csv"), text), CsvOptions.DEFAULT);
        double[] copied = new double[4];
        for (int row = 0; row < 60_000; row++) {
            data.copyRow(row, copied, 1);
            if (data.value(row, 0) != row || copied[2] != -row || copied[3] != row / 7.0) {
                assertThat(copied).containsExactly(0, row, -row, row / 7.0);
            }
        }
        assertThat(data.rows()).isEqualTo(60_000);
        assertThat(data.hash())
                .isEqualTo(Dataset.of(
                                data.columns(),
                                java.util.stream.IntStream.range(0, 60_000)
                                        .mapToObj(row -> new double[] {row, -row, row / 7.0})
                                        .toArray(double[][]::new))
                        .hash());
    }

    @Test
    void progressRisesToTheWholeFile() throws IOException {
        Path path = Files.writeString(directory.resolve("data.csv"), "a,b\n" + "1,2\n".repeat(1000));
        List<Long> bytes = new ArrayList<>();
        List<Long> rows = new ArrayList<>();
        ReadOptions cost = ReadOptions.DEFAULT.withProgress((read, size, found) -> {
            assertThat(size).isEqualTo(4004);
            bytes.add(read);
            rows.add(found);
        });
        CsvReader.read(path, CsvOptions.DEFAULT, cost, 400);
        assertThat(bytes).isSorted().endsWith(4004L).hasSizeGreaterThan(8);
        assertThat(rows).isSorted().endsWith(1000L).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotFitIsRefusedBeforeItIsRead() {
        HeapSink sink = new HeapSink(Path.of("big.csv"), List.of("a", "b"));
        assertThatThrownBy(() -> sink.expect(Runtime.getRuntime().maxMemory() / 10))
                .hasMessageContainingAll("big.csv", "rows of 2 numbers", "-Xmx", "slicedscore convert");
        assertThatThrownBy(() -> sink.expect(1L << 33)).hasMessageContaining("more than 2^31 rows");
    }
}
