package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
    private static final CsvOptions DEFAULT = CsvOptions.DEFAULT;

    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("data.csv"), content);
    }

    private Dataset read(String content, CsvOptions options) throws IOException {
        return CsvReader.read(file(content), options);
    }

    private AbstractThrowableAssert<?, ?> refuses(String content, CsvOptions options) throws IOException {
        return refuses(file(content), options);
    }

    private static AbstractThrowableAssert<?, ?> refuses(Path path, CsvOptions options) {
        return assertThatThrownBy(() -> CsvReader.read(path, options))
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContaining(path.toString());
    }

    private static void assertTable(Dataset data) {
        assertThat(data.columns()).containsExactly("a", "b");
        assertThat(data.rows()).isEqualTo(2);
        assertThat(data.column(0)).containsExactly(1.5, -3);
        assertThat(data.column(1)).containsExactly(2, 4e-3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b\n1.5,2\n-3,4e-3\n",
                "a;b\n1.5;2\n-3;4e-3\n",
                "a\tb\n1.5\t2\n-3\t4e-3\n",
                "a,b\r\n1.5,2\r\n-3,4e-3\r\n",
                "\uFEFFa,b\n1.5,2\n-3,4e-3",
                "\uFEFF\"a\",b\r\n1.5,2\r\n-3,4e-3",
                "\n\na,b\n\n1.5,2\n\n-3,4e-3\n\n",
                " a , b \n 1.5, 2\n -3 ,+4E-3\n",
                "\"a\",\"b\"\n\"1.5\",\"2\"\n-3,.004\n"
            })
    void readsTheUsualKindsOfFile(String content) throws IOException {
        assertTable(read(content, DEFAULT));
    }

    @Test
    void detectsTheDelimiterOutsideQuotes() throws IOException {
        assertThat(read("\"a, in m, dry\";b\n1;2\n3;4\n", DEFAULT).columns()).containsExactly("a, in m, dry", "b");
    }

    @Test
    void aGivenDelimiterIsNotDetected() throws IOException {
        assertThat(read("a|b,c\n1|2\n3|4\n", DEFAULT.withDelimiter('|')).columns())
                .containsExactly("a", "b,c");
    }

    @Test
    void withoutAHeaderColumnsAreNumbered() throws IOException {
        Dataset data = read("1,2\n3,4\n", DEFAULT.withHeader(false));
        assertThat(data.columns()).containsExactly("c1", "c2");
        assertThat(data.column(1)).containsExactly(2, 4);
    }

    @Test
    void keepsColumnsInTheOrderWantedAndLeavesOutOthers() throws IOException {
        String content = "a,b,c\n1,2,3\n4,5,6\n";
        assertThat(read(content, DEFAULT.withColumns(List.of("c", "a"))).column(0))
                .containsExactly(3, 6);
        assertThat(read(content, DEFAULT.withDrop(List.of("b"))).columns()).containsExactly("a", "c");
        assertThat(read(content, DEFAULT.withColumns(List.of("c", "a")).withDrop(List.of("c")))
                        .columns())
                .containsExactly("a");
    }

    @Test
    void aDroppedColumnMayHoldAnything() throws IOException {
        Dataset data = read("a,t\n1,red\n2,\n3,inf\n", DEFAULT.withDrop(List.of("t")));
        assertThat(data.column(0)).containsExactly(1, 2, 3);
    }

    @Test
    void manyRowsAreReadExactly() throws IOException {
        StringBuilder content = new StringBuilder("a,b,c\n");
        for (int row = 0; row < 5000; row++) {
            content.append(row)
                    .append(',')
                    .append(row / 7.0)
                    .append(',')
                    .append(-row)
                    .append('\n');
        }
        Dataset data = read(content.toString(), DEFAULT);
        assertThat(data.rows()).isEqualTo(5000);
        for (int row = 0; row < 5000; row++) {
            assertThat(data.value(row, 0)).isEqualTo(row);
            assertThat(data.value(row, 1)).isEqualTo(row / 7.0);
            assertThat(data.value(row, 2)).isEqualTo(-row);
        }
    }

    @Test
    void missingFile() {
        refuses(directory.resolve("nothing.csv"), DEFAULT).hasMessageContaining("there is no file");
    }

    @Test
    void directoryInPlaceOfAFile() {
        refuses(directory, DEFAULT).hasMessageContaining("is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\r\n", "\uFEFF"})
    void emptyFile(String content) throws IOException {
        refuses(content, DEFAULT).hasMessageContaining("is empty");
    }

    @Test
    void headerOnly() throws IOException {
        refuses("a,b\n", DEFAULT).hasMessageContaining("header, but no rows");
    }

    @Test
    void raggedRow() throws IOException {
        refuses("a,b\n1,2\n\n3\n4,5\n", DEFAULT)
                .hasMessageContainingAll("line 4", "1 field where the first line has 2", "--delimiter");
        refuses("a,b\n1,2\n3,4,5\n", DEFAULT).hasMessageContainingAll("line 3", "3 fields");
    }

    @Test
    void textInANumberColumn() throws IOException {
        refuses("a,kind,b\n1,2,3\n1,red,3\n", DEFAULT)
                .hasMessageContainingAll("line 3", "'kind'", "'red'")
                .hasMessageEndingWith("leave it out with --drop kind");
    }

    @Test
    void allTextColumnsAreListedWithTheOptionToPaste() throws IOException {
        refuses("kind,a,made on,it's\nred,1,2024-01-31,1.2.3\nblue,2,2024-02-01,x\n", DEFAULT)
                .hasMessageContainingAll("3 columns", "'kind' (line 2: 'red')", "'made on' (line 2: '2024-01-31')")
                .hasMessageEndingWith("leave them out with --drop 'kind,made on,it'\\''s'");
        refuses("\"x,y\",a\nred,1\n", DEFAULT).hasMessageEndingWith("--drop '\"x,y\"'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d", "0x1p3", "1f", "1 2", "--1", "e", "1,5"})
    void whatOnlyResemblesANumberIsText(String field) throws IOException {
        refuses("a;b\n1;" + field + "\n", DEFAULT).hasMessageContainingAll("line 2", "'b'", "'" + field + "'");
    }

    @Test
    void textIsReportedBeforeMissingValuesSinceDroppingItsColumnMayBeEnough() throws IOException {
        refuses("a,t\n1,\n2,red\n", DEFAULT).hasMessageContaining("--drop t");
    }

    @Test
    void aHeaderReadAsDataIsRecognised() throws IOException {
        refuses("a,b\n1,2\n3,4\n", DEFAULT.withHeader(false)).hasMessageContaining("leave out --no-header");
    }

    @Test
    void aWrongDelimiterIsRecognised() throws IOException {
        refuses("a;b\n1;2\n3;4\n", DEFAULT.withDelimiter(',')).hasMessageContaining("--delimiter");
    }

    @Test
    void aTableOfTextOnly() throws IOException {
        refuses("a,b\nx,y\nz,w\n", DEFAULT).hasMessageContaining("no column of numbers is left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "-Infinity", "1e999"})
    void infinity(String field) throws IOException {
        for (MissingValues missing : MissingValues.values()) {
            refuses("a,b\n1,2\n3," + field + "\n5,6\n", DEFAULT.withMissing(missing))
                    .hasMessageContainingAll("line 3", "'b'", "'" + field + "'", "--drop b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "NA", "N/A", "NaN", "nan", "null", "?"})
    void missingValue(String field) throws IOException {
        String content = "a,b\n1,2\n3," + field + "\n5,6\n";
        refuses(content, DEFAULT).hasMessageContainingAll("line 3", "'b'", "1 of 3 rows", "--missing drop", "--drop b");
        assertThat(read(content, DEFAULT.withMissing(MissingValues.DROP)).column(0))
                .containsExactly(1, 5);
    }

    @Test
    void theNumberOfRowsLeftOutIsLogged() throws IOException {
        StringBuilder log = new StringBuilder();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                log.append(new java.util.logging.SimpleFormatter().formatMessage(logged));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(CsvReader.class.getName());
        logger.addHandler(handler);
        try {
            read("a,b\n1,NA\n3,4\n,\n5,6\n", DEFAULT.withMissing(MissingValues.DROP));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(log).contains("data.csv", "left out 2 of 4 rows");
    }

    @Test
    void duplicateColumnName() throws IOException {
        refuses("a,b,a\n1,2,3\n4,5,6\n", DEFAULT).hasMessageContainingAll("line 1", "columns 1 and 3", "'a'");
    }

    @Test
    void columnWithoutAName() throws IOException {
        refuses(",a\n1,2\n4,5\n", DEFAULT).hasMessageContainingAll("line 1", "column 1 has no name");
    }

    @Test
    void oneRow() throws IOException {
        refuses("a,b\n1,2\n", DEFAULT).hasMessageContaining("at least two rows");
        refuses("a,b\n1,2\n3,NA\n", DEFAULT.withMissing(MissingValues.DROP))
                .hasMessageContainingAll("1 without missing values, of 2", "at least two rows");
        assertThat(read("a,b\n1,2\n", DEFAULT.withMinimumRows(1)).rows()).isEqualTo(1);
    }

    @Test
    void unknownColumn() throws IOException {
        String content = "a,b\n1,2\n3,4\n";
        refuses(content, DEFAULT.withDrop(List.of("x"))).hasMessageContainingAll("--drop names 'x'", "there are a, b");
        refuses(content, DEFAULT.withColumns(List.of("x")))
                .hasMessageContainingAll("--columns names 'x'", "there are a, b");
        refuses(content, DEFAULT.withDrop(List.of("a", "b"))).hasMessageContaining("--drop leaves no column");
        refuses(content, DEFAULT.withColumns(List.of("a", "a"))).hasMessageContaining("names 'a' twice");
    }

    @Test
    void openQuote() throws IOException {
        refuses("a,b\n1,2\n3,\"4\n5,6\n", DEFAULT).hasMessageContainingAll("line 3", "quote");
    }

    @Test
    void longTextIsCutToALine() throws IOException {
        refuses("a,b\n1,\"" + "many\nwords ".repeat(100) + "\"\n", DEFAULT)
                .hasMessageContaining("'many words many words many wor...'")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anotherEncoding() throws IOException {
        Path path = directory.resolve("latin.csv");
        Files.write(path, "größe,b\n1,2\n3,4\n".getBytes(StandardCharsets.ISO_8859_1));
        refuses(path, DEFAULT).hasMessageContaining("UTF-8");
        Files.write(path, "a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_16));
        refuses(path, DEFAULT).hasMessageContaining("UTF-8");
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThatThrownBy(() -> DEFAULT.withDelimiter('"')).hasMessageContaining("quote");
        assertThatThrownBy(() -> DEFAULT.withMinimumRows(0)).hasMessageContaining("not 0");
    }
}
