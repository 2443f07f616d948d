package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NumPy and IDX files. */
class BinaryTableTest {
    private static final CsvOptions DEFAULT = CsvOptions.DEFAULT.withMinimumRows(1);

    @TempDir
    Path directory;

    private Path file(byte[] content) throws IOException {
        // The name says nothing.
        return Files.write(directory.resolve("data.csv"), content);
    }

    private Dataset read(byte[] content) throws IOException {
        return DataReader.read(file(content), DEFAULT, ReadOptions.DEFAULT);
    }

    private AbstractThrowableAssert<?, ?> refuses(byte[] content) throws IOException {
        Path path = file(content);
        return assertThatThrownBy(() -> DataReader.read(path, DEFAULT, ReadOptions.DEFAULT))
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContaining(path.toString());
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static byte[] npy(int version, String header, byte[] numbers) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(12 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            file.putShort((short) text.length);
        } else {
            file.putInt(text.length);
        }
        file.put(text).put(numbers);
        byte[] bytes = new byte[file.position()];
        file.flip().get(bytes);
        return bytes;
    }

    private static byte[] npy(String type, String shape, byte[] numbers) {
        return npy(1, "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n", numbers);
    }

    /** Files that NumPy 2.4 wrote. */
    @Test
    void readsWhatNumPyWrote() throws IOException {
        Dataset single =
                read(base64("k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLC"
                        + "B9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAQ"
                        + "wKabRDsAAIBAAACgQAAAxEA="));
        assertThat(single.columns()).containsExactly("c1", "c2", "c3");
        assertThat(single.column(0)).containsExactly(1.5, 4);
        assertThat(single.column(1)).containsExactly(-2.25, 5);
        assertThat(single.column(2)).containsExactly(3e-3f, 6.125);

        Dataset columnMajor =
                read(base64("k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH"
                        + "0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQAEAAIA"
                        + "BQADAAY="));
        double[] row = new double[3];
        columnMajor.copyRow(1, row, 0);
        assertThat(row).containsExactly(4, 5, 6);
        assertThat(columnMajor.column(0)).containsExactly(1, 4);

        Dataset second =
                read(base64("k05VTVBZAgB0AAAAeydkZXNjcic6ICc+ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwgMi"
                        + "ksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/8AAAAAAA"
                        + "AEAAAAAAAAAA"));
        second.copyRow(0, row, 1);
        assertThat(row).containsExactly(4, 1, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "|i1, ff, -1",
        "|u1, ff, 255",
        "|b1, 01, 1",
        "<i2, feff, -2",
        ">u2, fffe, 65534",
        "<i4, 00000080, -2147483648",
        ">u4, 80000000, 2147483648",
        "<i8, ffffffffffffffff, -1",
        "<u8, ffffffffffffffff, 18446744073709551616",
        ">u8, 8000000000000401, 9223372036854777856",
        "<f4, 0000c03f, 1.5",
        ">f8, 3ff8000000000000, 1.5",
        "=f4, 0000c03f, 1.5"
    })
    void everyTypeOfNumber(String type, String bytes, double value) throws IOException {
        Dataset data = read(npy(type, "(1, 1)", java.util.HexFormat.of().parseHex(bytes)));
        assertThat(data.value(0, 0)).isEqualTo(value);
    }

    @Test
    void aVectorIsAColumn() throws IOException {
        assertThat(read(npy("|u1", "(3,)", new byte[] {1, 2, 3})).column(0)).containsExactly(1, 2, 3);
        assertThat(read(npy(3, "{'shape':(3L,),'fortran_order':False,'descr':'|u1'}", new byte[] {1, 2, 3}))
                        .columns())
                .containsExactly("c1");
    }

    @Test
    void hostileHeadsAreRefused() throws IOException {
        byte[] none = {};
        refuses(npy("<f4", "(1000000000, 1000000)", none)).hasMessageContaining("it has 85 bytes, but");
        refuses(npy("<f4", "(9999999999, 1)", none)).hasMessageContaining("9999999999 rows");
        refuses(npy("<f4", "(1, 9999999999)", none)).hasMessageContaining("9999999999 columns");
        refuses(npy("<f4", "(99999999999999999999, 1)", none)).hasMessageContaining("shape");
        refuses(npy("<f4", "(0, 3)", none)).hasMessageContaining("0 rows of 3");
        refuses(npy("<f4", "()", none)).hasMessageContaining("shape");
        refuses(npy("<f4", "(2, 2, 2)", none)).hasMessageContainingAll("(2, 2, 2)", "reshape");
        refuses(npy("<f4", "(-1, 2)", none)).hasMessageContaining("head says");
        refuses(npy("<c8", "(1, 2)", none)).hasMessageContainingAll("<c8", "astype");
        refuses(npy("<f2", "(1, 2)", none)).hasMessageContaining("<f2");
        refuses(npy(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", none))
                .hasMessageContaining("[('a', '<f4')]");
        refuses(npy(1, "import os", none)).hasMessageContaining("import os");
        refuses(npy(1, "{'descr': '<f4'}", none)).hasMessageContaining("not its type, order and shape");
        refuses(npy(4, "{}", none)).hasMessageContaining("version is 4");
        byte[] endless = npy(2, "{}", none);
        endless[11] = 0x7F;
        refuses(endless).hasMessageContaining("2130706434 bytes long");
        refuses(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1}).hasMessageContaining("middle of its head");
        refuses(npy("|u1", "(2, 2)", new byte[5])).hasMessageContaining("copy it again");
        refuses(gzip(npy("|u1", "(2, 2)", new byte[5]))).hasMessageContaining("longer than the");
        refuses(gzip(npy("<f4", "(1000000000, 1000)", new byte[5]))).hasMessageContaining("shorter than the");
    }

    /** Any bytes give a table or a message. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void damagedHeadsNeverDoHarm(int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] wholes = {
            npy("<f4", "(2, 2)", new byte[16]), idx(0x08, new int[] {2, 2, 2}, new byte[8]), rowsFile(),
        };
        for (int i = 0; i < 900; i++) {
            byte[] damaged = wholes[i % 3].clone();
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path path = file(
                    random.nextBoolean() ? damaged : java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length)));
            try {
                DataReader.read(path, DEFAULT, ReadOptions.DEFAULT);
            } catch (MalformedDataException e) {
                assertThat(e).hasMessageContaining("data.csv");
            }
        }
    }

    private byte[] rowsFile() throws IOException {
        Path csv = Files.writeString(directory.resolve("small.csv"), "a,b\n1,2\n3,4\n");
        Path rows = directory.resolve("small.rows");
        try (java.io.FileOutputStream out = new java.io.FileOutputStream(rows.toFile())) {
            RowsFile.convert(csv, DEFAULT, ReadOptions.DEFAULT, RowsFile.Precision.SINGLE, out.getChannel());
        }
        return Files.readAllBytes(rows);
    }

    @Test
    void numbersThatAreNotFinite() throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putFloat(1)
                .putFloat(2)
                .putFloat(3)
                .putFloat(Float.NaN)
                .putFloat(5)
                .putFloat(6);
        byte[] file = npy("<f4", "(3, 2)", numbers.array());
        refuses(file).hasMessageContainingAll("row 1", "'c2'", "1 of 3 rows", "--missing drop", "--drop c2");
        Dataset dropped = DataReader.read(file(file), DEFAULT.withMissing(MissingValues.DROP), ReadOptions.DEFAULT);
        assertThat(dropped.column(0)).containsExactly(1, 5);
        assertThat(dropped.column(1)).containsExactly(2, 6);
        assertThat(DataReader.read(file(file), DEFAULT.withDrop(List.of("c2")), ReadOptions.DEFAULT)
                        .column(0))
                .containsExactly(1, 3, 5);

        numbers.putFloat(12, Float.NEGATIVE_INFINITY);
        refuses(npy("<f4", "(3, 2)", numbers.array()))
                .hasMessageContainingAll("row 1", "-Infinity", "'c2'", "--drop c2");
    }

    /** Far from the first row, and the row that lacks a number among those that do not. */
    @Test
    void numbersThatAreNotFiniteFarDown() throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(100_000 * 2 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 200_000; i++) {
            numbers.putFloat(i);
        }
        numbers.putFloat(Float.BYTES * (2 * 70_001 + 1), Float.NaN);
        byte[] file = npy("<f4", "(100000, 2)", numbers.array());
        refuses(file).hasMessageContainingAll("row 70001", "'c2'", "1 of 100000 rows");
        Dataset dropped = DataReader.read(file(file), DEFAULT.withMissing(MissingValues.DROP), ReadOptions.DEFAULT);
        assertThat(dropped.rows()).isEqualTo(99_999);
        assertThat(dropped.value(70_000, 1)).isEqualTo(140_001);
        assertThat(dropped.value(70_001, 1)).isEqualTo(140_005);
    }

    @Test
    void optionsHoldForAllFormats() throws IOException {
        byte[] file = npy("|u1", "(2, 3)", new byte[] {1, 2, 3, 4, 5, 6});
        Dataset chosen = DataReader.read(file(file), DEFAULT.withColumns(List.of("c3", "c1")), ReadOptions.DEFAULT);
        assertThat(chosen.columns()).containsExactly("c3", "c1");
        double[] row = new double[2];
        chosen.copyRow(1, row, 0);
        assertThat(row).containsExactly(6, 4);
        assertThatThrownBy(() -> DataReader.read(file(file), DEFAULT.withDrop(List.of("x")), ReadOptions.DEFAULT))
                .hasMessageContainingAll("--drop names 'x'", "there are c1, c2, c3");
        assertThatThrownBy(() -> DataReader.read(file(file), DEFAULT.withMinimumRows(3), ReadOptions.DEFAULT))
                .hasMessageContaining("too few rows: 2");
        assertThat(DataReader.columns(file(gzip(file)), DEFAULT)).containsExactly("c1", "c2", "c3");
    }

    private static byte[] idx(int type, int[] shape, byte[] numbers) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * shape.length + numbers.length);
        file.put(new byte[] {0, 0, (byte) type, (byte) shape.length});
        for (int size : shape) {
            file.putInt(size);
        }
        return file.put(numbers).array();
    }

    @Test
    void anImageIsARowOfPixels() throws IOException {
        Dataset images = read(idx(0x08, new int[] {2, 2, 3}, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1}));
        assertThat(images.columns()).containsExactly("r1c1", "r1c2", "r1c3", "r2c1", "r2c2", "r2c3");
        double[] row = new double[6];
        images.copyRow(1, row, 0);
        assertThat(row).containsExactly(7, 8, 9, 10, 11, 255);

        assertThat(read(idx(0x0B, new int[] {2}, new byte[] {1, 0, -1, -1})).column(0))
                .containsExactly(256, -1);
        assertThat(read(idx(0x0D, new int[] {1, 1}, new byte[] {0x3F, (byte) 0xC0, 0, 0}))
                        .column(0))
                .containsExactly(1.5);
        refuses(idx(0x08, new int[] {1, 1, 1, 1}, new byte[1])).hasMessageContaining("4 dimensions");
        refuses(idx(0x08, new int[0], new byte[1])).hasMessageContaining("0 dimensions");
        refuses(idx(0x0A, new int[] {1}, new byte[1])).hasMessageContaining("its third byte is 10");
        refuses(idx(0x08, new int[] {-1, 1, 1}, new byte[1])).hasMessageContaining("4294967295 rows");
        refuses(idx(0x08, new int[] {1, -1, -1}, new byte[1])).hasMessageContaining("columns");
        refuses(idx(0x08, new int[] {1, 3, 0}, new byte[0])).hasMessageContaining("1 rows of 0 numbers");
        refuses(idx(0x08, new int[] {2, 1, 1}, new byte[1])).hasMessageContaining("copy it again");
    }

    @Test
    void mnist() throws IOException {
        String fromEnvironment = System.getenv("SLICEDSCORE_DATA");
        Path folder = Path.of(
                fromEnvironment != null ? fromEnvironment : System.getProperty("slicedscore.data.dir", "data"),
                "mnist");
        Path images = folder.resolve("t10k-images-idx3-ubyte.gz");
        assumeTrue(
                Files.exists(images),
                "there is no " + images + "; get MNIST and set SLICEDSCORE_DATA to the directory that holds mnist/");
        Dataset data = DataReader.read(images, DEFAULT, ReadOptions.DEFAULT);
        assertThat(data.rows()).isEqualTo(10_000);
        assertThat(data.columns()).hasSize(784).startsWith("r1c1").endsWith("r28c28");
        assertThat(data.column(data.indexOf("r1c1"))).containsOnly(0);
        double[] middle = data.column(data.indexOf("r15c15"));
        assertThat(middle).contains(0, 255);
        Dataset labels = DataReader.read(folder.resolve("t10k-labels-idx1-ubyte.gz"), DEFAULT, ReadOptions.DEFAULT);
        assertThat(labels.column(0)).startsWith(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
    }
}
