package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTableTest {
    @TempDir
    Path folder;

    private TextTable read(String text, CsvOptions options) throws IOException {
        return CsvReader.text(Files.writeString(folder.resolve("t.csv"), text), options);
    }

    @Test
    void fieldsAreKeptAsTheyStand() throws IOException {
        TextTable table = read(
                "\uFEFF a ;\"b;\"\"x\"\"\";kind\r\n1.50; ;red\r\n\r\n\"two\nlines\";-3e2;\r\n", CsvOptions.DEFAULT);
        assertThat(table.delimiter()).isEqualTo(';');
        assertThat(table.columns()).containsExactly("a", "b;\"x\"", "kind");
        assertThat(table.rows()).isEqualTo(2);
        assertThat(table.field(0, 0)).isEqualTo("1.50");
        assertThat(table.field(0, 1)).isEqualTo(" ");
        assertThat(table.field(1, 0)).isEqualTo("two\nlines");
        assertThat(table.field(1, 2)).isEmpty();
        assertThat(table.line(0)).isEqualTo(2);
        assertThat(table.line(1)).isEqualTo(4);
    }

    @Test
    void numbersAndWhatIsMissing() throws IOException {
        TextTable table = read("x,a,b\nq,1,NA\nr,,2.5\ns, n/a ,?\n", CsvOptions.DEFAULT);
        assertThat(table.numbers(List.of("b", "a")))
                .containsExactly(Double.NaN, 1, 2.5, Double.NaN, Double.NaN, Double.NaN);
    }

    @Test
    void withoutAHeader() throws IOException {
        TextTable table = read("1,2\n3,4\n", CsvOptions.DEFAULT.withHeader(false));
        assertThat(table.columns()).containsExactly("c1", "c2");
        assertThat(table.numbers(List.of("c2"))).containsExactly(2, 4);
        assertThat(table.line(0)).isEqualTo(1);
    }

    @Test
    void whatIsRefused() throws IOException {
        assertThatThrownBy(() -> read("a,b\n1,2\n3\n", CsvOptions.DEFAULT))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("t.csv, line 3: 1 field where the first line has 2");
        assertThatThrownBy(() -> read("a,b\n", CsvOptions.DEFAULT)).hasMessageContaining("no rows");
        assertThatThrownBy(() -> read("", CsvOptions.DEFAULT)).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("a,a\n1,2\n", CsvOptions.DEFAULT)).hasMessageContaining("both called 'a'");
        assertThatThrownBy(() -> read("a,b\n1,2\n\"3,4\n", CsvOptions.DEFAULT)).hasMessageContaining("quote left open");
        TextTable table = read("a,b\n1,2024-01-31\n-inf,2\n", CsvOptions.DEFAULT);
        assertThatThrownBy(() -> table.numbers(List.of("b")))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("t.csv, line 2: '2024-01-31' in column 'b' is not a finite number");
        assertThatThrownBy(() -> table.numbers(List.of("a"))).hasMessageContaining("line 3: '-inf' in column 'a'");
        assertThatThrownBy(() -> table.numbers(List.of("z")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'z'");
    }
}
