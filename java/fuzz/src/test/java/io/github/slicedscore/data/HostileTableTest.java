package io.github.slicedscore.data;

import static io.github.slicedscore.fuzz.HugeFile.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.fuzz.Hostile;
import io.github.slicedscore.fuzz.HugeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are made to do harm, in a JVM of 128 MB. */
@Timeout(600)
class HostileTableTest {
    private static final CsvOptions ONE_ROW = CsvOptions.DEFAULT.withMinimumRows(1);
    private static final ReadOptions ANY_RATIO = ReadOptions.DEFAULT.withMaxRatio(1e6);
    private static final long GIGABYTE = 1L << 30;

    private static int refused;

    @TempDir
    Path directory;

    @AfterAll
    static void count() {
        System.out.println("HostileTableTest: " + refused + " files refused in "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB of memory");
    }

    private Path file() {
        return directory.resolve("data.csv");
    }

    private void refuses(Path path, String... words) {
        refuses(() -> DataReader.read(path, ONE_ROW, ANY_RATIO), path, words);
    }

    private static void refuses(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, Path path, String... words) {
        assertThatThrownBy(reading)
                .isExactlyInstanceOf(MalformedDataException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> Hostile.requireMessage(e.getMessage(), path));
        refused++;
    }

    private void refuses(byte[] content, String... words) throws IOException {
        refuses(Files.write(file(), content), words);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] block(String text) {
        return utf8(text.repeat((1 << 20) / text.length()));
    }

    @Test
    void aHeapThatIsLargeWouldProveNothing() {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThanOrEqualTo(128L << 20);
    }

    @Test
    void quotesThatNeverCloseInAGigabyte() throws IOException {
        for (String start : new String[] {"\"", "a,b\n1,\"", "a,b\n1,2\n3,\"x\"\"", "a\n\"\"\""}) {
            refuses(HugeFile.sparse(file(), utf8(start), GIGABYTE), "is a quote left open?");
            refuses(() -> CsvReader.text(file(), ONE_ROW), file(), "is a quote left open?");
            Files.delete(file());
        }
        refuses(HugeFile.packed(file(), utf8("a,b\n1,\""), block("2,3\n"), 1024), "line 2", "is a quote left open?");
    }

    @Test
    void linesWithoutAnEnd() throws IOException {
        refuses(HugeFile.sparse(file(), utf8("a,b\n1,"), GIGABYTE), "line 2");
        Files.delete(file());
        refuses(HugeFile.sparse(file(), utf8("a"), GIGABYTE), "line 1");
        Files.delete(file());
        refuses(HugeFile.packed(file(), utf8("a,b\n1"), block("23"), 100), "line 2");
        refuses(HugeFile.packed(file(), utf8("a,b\n1"), block(",3"), 100), "line 2");
        refuses(HugeFile.packed(file(), utf8("a"), block(","), 100), "line 1");
    }

    /** Lines of 3 million characters, each short enough to be read, take memory one after the other. */
    @Test
    void longLines() throws IOException {
        byte[] line = new byte[3_000_000];
        Arrays.fill(line, (byte) ' ');
        line[0] = '1';
        line[line.length - 1] = '\n';
        HugeFile.packed(file(), utf8("a\n"), line, 12);
        assertThat(DataReader.read(file(), ONE_ROW, ANY_RATIO).rows()).isEqualTo(12);
        line[0] = '"';
        line[line.length - 2] = '"';
        refuses(HugeFile.packed(file(), utf8("a\n"), line, 12), "column 'a' has no number");
    }

    @Test
    void manyColumns() throws IOException {
        StringBuilder names = new StringBuilder("c0");
        StringBuilder ones = new StringBuilder("1");
        for (int i = 1; i < 100_000; i++) {
            names.append(",c").append(i);
            ones.append(",1");
        }
        Files.writeString(file(), names + "\n" + (ones + "\n").repeat(10));
        Dataset data = DataReader.read(file(), ONE_ROW, ReadOptions.DEFAULT);
        assertThat(data.columns()).hasSize(100_000);
        assertThat(data.column(99_999)).hasSize(10).containsOnly(1);
        refuses(
                utf8(names + "\n" + ones.toString().replace('1', 'x') + "\n"),
                "100000 columns hold text",
                "no column of numbers is left");
        refuses(utf8(names + "\n1" + ones.toString().replace(",1", ",x").substring(1) + "\n"), "99999", "--columns");
        refuses(
                () -> DataReader.read(file(), ONE_ROW.withDrop(List.of("y")), ReadOptions.DEFAULT),
                file(),
                "c0, c1, c2",
                "and 99992 more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b\\n1,2\u0000\\n | text",
                "\u0000,b\\n1,2,3\\n | column 1 has no name",
                "a;b\\n1,5;2,5\\n | hold text",
                "a\\n1,5\\n | line 2: 2 fields",
                "a,a\\n1,2\\n | both called 'a'",
                "a,\\n1,2\\n | column 2 has no name",
                "a, \\n1,2\\n | column 2 has no name",
                "a,b\\n1,inf\\n | not a finite number",
                "a,b\\n1,1e999\\n | not a finite number",
                "a,b\\n1,0x1p3\\n | holds text",
                "a,b\\n1,2\\n3\\n | line 3: 1 field",
                "a,b\\r1,2\\r3\\r | line 3: 1 field",
                "\u001b[31m,b\\n1,x\\n | leave it out",
                "a | no rows",
                "\\n\\r\\n\\r | is empty",
                "`` | is empty",
                "\u00ef\u00bb\u00bf | is empty",
                "\u00ff\u00fea\u0000\\n\u0000 | not text in UTF-8",
                "a,b\\n1,\u00ff\\n | not text in UTF-8",
                "a,b\\n1,\u00ed\u00a0\u0080\\n | not text in UTF-8",
                "a,b\\n1,\u00c0\u00b1\\n | not text in UTF-8",
            })
    void smallTables(String escaped, String complaint) throws IOException {
        refuses(latin1(escaped.translateEscapes()), complaint);
    }

    @Test
    void gzipBombs() throws IOException {
        // As large as it says: half a billion rows.
        refuses(HugeFile.packed(file(), utf8("a\n"), block("1\n"), 1024), "GB of memory", "-Xmx");
        Path bomb = HugeFile.packed(file(), utf8("a,b\n"), block("1," + "x".repeat(1000) + "\n"), 100);
        CsvOptions oneColumn = ONE_ROW.withDrop(List.of("b"));
        refuses(
                () -> DataReader.read(bomb, oneColumn, ReadOptions.DEFAULT),
                bomb,
                "unpacks to more than 100.0 times its size of " + Files.size(bomb));
        refuses(() -> CsvReader.text(bomb, ONE_ROW), bomb, "unpacks to more than 100.0 times");
        byte[] member = gzip(new byte[0]);
        ByteBuffer members = ByteBuffer.allocate(100_000 * member.length);
        while (members.hasRemaining()) {
            members.put(member);
        }
        refuses(members.array(), "members with nothing in them");
        refuses(gzip(gzip(utf8("a\n1\n"))), "packed by gzip twice");
        refuses(Arrays.copyOf(gzip(utf8("a\n1\n")), 20), "cut off");
        byte[] garbage = Arrays.copyOf(gzip(utf8("a\n1\n")), 100);
        refuses(garbage, "there is something else");
    }

    @Test
    void textThatDoesNotFit() throws IOException {
        // Few bytes, but many fields: each is an object.
        Files.writeString(file(), "a,b\n" + "1,\"x\"\n".repeat(800_000));
        refuses(() -> CsvReader.text(file(), ONE_ROW), file(), "more memory", "-Xmx");
    }

    private static byte[] npy(int version, String lengthBytes, String head) {
        return latin1("\u0093NUMPY" + (char) version + "\0" + lengthBytes + head);
    }

    private static byte[] npy(String type, String order, String shape, String numbers) {
        String head = "{'descr': " + type + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
        return npy(1, (char) head.length() + "\0", head + numbers);
    }

    @Test
    void numPyHeads() throws IOException {
        refuses(npy(2, "\u00ff\u00ff\u00ff\u00ff", "{}"), "4294967295 bytes long");
        refuses(npy(3, "\0\0\1\0", " ".repeat(1 << 16)), "head says ''");
        refuses(npy("'<f4'", "False", "(4611686018427387904, 4)", ""), "its shape is (4611686018427387904, 4)");
        refuses(npy("'<f8'", "False", "(2147483647, 1048576)", ""), "2147483647 rows of 1048576 numbers");
        refuses(npy("'<f8'", "True", "(2147483647, 2)", "12345678"), "take 34359738430");
        refuses(npy("'<f4'", "False", "(-1, 4)", ""), "head says");
        refuses(npy("'<f4'", "False", "(1 2, 4)", ""), "its shape is (1 2, 4)");
        refuses(npy("'<f4'", "False", "'|u1'", ""), "its shape is '|u1'");
        refuses(npy("'<f4'", "False", "(1)", "1234"), "its shape is (1)");
        refuses(npy("'|O'", "False", "(1,)", "\u0080\u0004c__builtin__\neval\n"), "of the type '|O'");
        refuses(npy("[('a', '|O')]", "False", "(1,)", ""), "of the type [('a', '|O')]");
        refuses(npy("'<U8'", "False", "(1, 1)", ""), "of the type '<U8'");
        refuses(npy("'<f4'", "Maybe", "(1, 1)", "1234"), "head says");
        refuses(npy("'<f8'", "True", "(1, 2)", "12345678"), "copy it again");
        // A million columns are announced, and none is there.
        refuses(npy("'|u1'", "False", "(1, 1048576)", ""), "1048576 numbers");
        refuses(gzip(npy("'|u1'", "False", "(2147483647, 1048576)", "")), "shorter");
        refuses(
                HugeFile.packed(file(), npy("'|u1'", "False", "(2147483647, 1048576)", ""), new byte[1 << 20], 10),
                "shorter");
    }

    private static byte[] idx(int type, int... sizes) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length);
        bytes.putShort((short) 0).put((byte) type).put((byte) sizes.length);
        Arrays.stream(sizes).forEach(bytes::putInt);
        return bytes.array();
    }

    @Test
    void idxSizes() throws IOException {
        refuses(idx(8, -1, -1, -1), "columns");
        refuses(idx(14, Integer.MAX_VALUE, 1 << 10, 1 << 10), "2147483647 rows of 1048576 numbers");
        refuses(idx(14, 1 << 16, 1 << 16, 1 << 16), "4294967296 columns");
        refuses(idx(14, 1, 1 << 31, 2), "columns");
        refuses(idx(8, 1, 0, 5), "0 numbers");
        refuses(idx(8, 0, 5), "0 rows");
        refuses(idx(8, -1), "4294967295 rows");
        refuses(idx(8, 1, 1 << 20), "1048576 numbers");
        refuses(idx(8, 1, 1, 1, 1, 1), "5 dimensions");
        refuses(Arrays.copyOf(idx(8, 1, 1, 1), 9), "middle of its head");
    }

    private static byte[] rows(int head, long rows, int columns, int type, String names, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(RowsFile.MAGIC)
                .putInt(1)
                .putInt(head)
                .putLong(rows)
                .putInt(columns)
                .putInt(type);
        bytes.putLong(0).put(latin1(names));
        if (head >= 0 && head <= size) {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes.array(), 0, head);
            bytes.putInt(32, (int) checksum.getValue());
        }
        return bytes.array();
    }

    /** Heads with the right checksum, which anyone can write. */
    @Test
    void rowsFiles() throws IOException {
        String name = "\1\0\0\0a";
        assertThat(DataReader.read(Files.write(file(), rows(64, 1, 1, 1, name, 68)), ONE_ROW, ReadOptions.DEFAULT)
                        .columns())
                .containsExactly("a");
        refuses(rows(64, 1, 1, 3, name, 68), "damaged");
        refuses(rows(64, 1, 2, 1, name + name, 72), "damaged");
        refuses(rows(64, 1, 1, 1, "\u00ff\u00ff\u00ff\u007f", 68), "damaged");
        refuses(rows(64, 1, 1, 1, "\1\0\0\0\u00ff", 68), "damaged");
        refuses(rows(64, 1, 1, 1, "\0\0\0\0", 68), "damaged");
        refuses(rows(64, 1, 1 << 20, 1, name, 68), "damaged");
        refuses(rows(64, 1, -1, 1, name, 68), "4294967295 columns");
        refuses(rows(64, -1, 1, 1, name, 68), "-1 rows");
        refuses(rows(64, Long.MAX_VALUE, 1, 1, name, 68), "9223372036854775807 rows");
        refuses(rows(64, Integer.MAX_VALUE, 1, 2, name, 68), "2147483647 rows of 1 numbers");
        refuses(rows(1 << 26, 1, 1, 1, name, 68), "middle of its head");
        refuses(rows(-1, 1, 1, 1, name, 68), "damaged");
        refuses(rows(39, 1, 1, 1, name, 68), "damaged");
    }
}
