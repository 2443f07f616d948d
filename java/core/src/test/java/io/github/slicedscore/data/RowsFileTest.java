package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsFileTest {
    private static final CsvOptions DEFAULT = CsvOptions.DEFAULT.withMinimumRows(1);

    @TempDir
    Path directory;

    private Path convert(Path from, CsvOptions options, RowsFile.Precision precision) throws IOException {
        Path rows = directory.resolve("data.rows");
        try (FileOutputStream out = new FileOutputStream(rows.toFile())) {
            RowsFile.convert(from, options, ReadOptions.DEFAULT, precision, out.getChannel());
        }
        return rows;
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(directory.resolve("data.csv"), text);
    }

    private static Dataset read(Path path) throws IOException {
        return DataReader.read(path, DEFAULT, ReadOptions.DEFAULT);
    }

    /** Byte by byte as the class describes it. */
    @Test
    void theFormatIsAsDescribed() throws IOException {
        Path rows = convert(csv("größe,\"b,c\"\n1.5,2\n-3,0.1\n"), DEFAULT, RowsFile.Precision.SINGLE);
        byte[] first = "größe".getBytes(StandardCharsets.UTF_8);
        ByteBuffer expected = ByteBuffer.allocate(64 + 16).order(ByteOrder.LITTLE_ENDIAN);
        expected.put(new byte[] {(byte) 0x89, 'R', 'O', 'W', 'S', '\r', '\n', 26});
        expected.putInt(1).putInt(64).putLong(2).putInt(2).putInt(1).putInt(0).putInt(0);
        expected.putInt(first.length).put(first).putInt(3).put("b,c".getBytes(StandardCharsets.UTF_8));
        CRC32C checksum = new CRC32C();
        checksum.update(expected.array(), 0, 64);
        expected.putInt(32, (int) checksum.getValue());
        expected.position(64).putFloat(1.5f).putFloat(2).putFloat(-3).putFloat(0.1f);
        assertThat(Files.readAllBytes(rows)).isEqualTo(expected.array());
    }

    @ParameterizedTest
    @EnumSource(RowsFile.Precision.class)
    void givesBackWhatWasConverted(RowsFile.Precision precision) throws IOException {
        StringBuilder text = new StringBuilder("a,b,c\n");
        for (int row = 0; row < 20_000; row++) {
            text.append(row)
                    .append(',')
                    .append(Math.sin(row))
                    .append(',')
                    .append(row / 7.0)
                    .append('\n');
        }
        Path csv = csv(text.toString());
        Dataset original = CsvReader.read(csv, DEFAULT);
        Dataset converted = read(convert(csv, DEFAULT, precision));

        assertThat(converted.columns()).isEqualTo(original.columns());
        assertThat(converted.rows()).isEqualTo(original.rows());
        boolean single = precision == RowsFile.Precision.SINGLE;
        double[] row = new double[3];
        for (int i = 0; i < original.rows(); i++) {
            converted.copyRow(i, row, 0);
            for (int column = 0; column < 3; column++) {
                double value = original.value(i, column);
                double expected = single ? (float) value : value;
                if (row[column] != expected || converted.value(i, column) != expected) {
                    assertThat(row[column]).as("row %d, column %d", i, column).isEqualTo(expected);
                }
            }
        }
        assertThat(converted.hash().equals(original.hash())).isEqualTo(!single);
    }

    @Test
    void optionsHoldForWhatIsConverted() throws IOException {
        Path csv = csv("a,t,b\n1,x,2\n3,y,\n5,z,6\n");
        Path rows = convert(
                csv, DEFAULT.withColumns(List.of("b", "a")).withMissing(MissingValues.DROP), RowsFile.Precision.SINGLE);
        Dataset data = read(rows);
        assertThat(data.columns()).containsExactly("b", "a");
        assertThat(data.column(0)).containsExactly(2, 6);

        Path again = directory.resolve("again.rows");
        try (FileOutputStream out = new FileOutputStream(again.toFile())) {
            assertThat(RowsFile.convert(
                            rows,
                            DEFAULT.withDrop(List.of("b")),
                            ReadOptions.DEFAULT,
                            RowsFile.Precision.DOUBLE,
                            out.getChannel()))
                    .isEqualTo(new RowsFile.Written(2, List.of("a")));
        }
        assertThat(read(again).column(0)).containsExactly(1, 5);
    }

    @Test
    void numbersTooLargeForSinglePrecisionAreRefused() throws IOException {
        Path csv = csv("a,b\n1,2\n3,1e39\n");
        assertThatThrownBy(() -> convert(csv, DEFAULT, RowsFile.Precision.SINGLE))
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll("1.0E39", "'b'", "--double");
        assertThat(read(convert(csv, DEFAULT, RowsFile.Precision.DOUBLE)).value(1, 1))
                .isEqualTo(1e39);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 50, 63})
    void aDamagedHeadIsRefused(int place) throws IOException {
        Path rows = convert(csv("abc,def\n1,2\n3,4\n"), DEFAULT, RowsFile.Precision.SINGLE);
        byte[] bytes = Files.readAllBytes(rows);
        bytes[place] ^= 4;
        Files.write(rows, bytes);
        assertThatThrownBy(() -> read(rows))
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContaining("data.rows is no rows file that can be used");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -8, 1, 8})
    void aFileOfTheWrongLengthIsRefused(int more) throws IOException {
        Path rows = convert(csv("a,b\n1,2\n3,4\n"), DEFAULT, RowsFile.Precision.SINGLE);
        byte[] bytes = Files.readAllBytes(rows);
        Files.write(rows, java.util.Arrays.copyOf(bytes, bytes.length + more));
        assertThatThrownBy(() -> read(rows))
                .hasMessageContainingAll("it has " + (bytes.length + more) + " bytes", "take " + bytes.length);
    }
}
