package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.exchange.StateDict;
import io.github.slicedscore.fuzz.Hostile;
import io.github.slicedscore.fuzz.HugeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of tensors that are made to do harm, in a JVM of 128 MB. */
@Timeout(600)
class HostileTensorsTest {
    private static int refused;

    @TempDir
    Path directory;

    @AfterAll
    static void count() {
        System.out.println("HostileTensorsTest: " + refused + " files refused in "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB of memory");
    }

    private Path file() {
        return directory.resolve("hostile.safetensors");
    }

    private void refuses(Hostile.Reading<?> reading, String... words) {
        assertThatThrownBy(() -> reading.read(file()))
                .isExactlyInstanceOf(MalformedFileException.class)
                .hasMessageContainingAll(words)
                .satisfies(e -> Hostile.requireMessage(e.getMessage(), file()));
        refused++;
    }

    private static byte[] bytes(long length, byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .array();
    }

    private void refuses(byte[] header, int data, String... words) throws IOException {
        Files.write(file(), bytes(header.length, header, data));
        refuses(SafeTensors::read, words);
    }

    private void refuses(String header, int data, String... words) throws IOException {
        refuses(header.getBytes(StandardCharsets.UTF_8), data, words);
    }

    private static String tensor(String name, String type, String shape, long begin, long end) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, type, shape, begin, end);
    }

    @Test
    void headersOfGigabytes() throws IOException {
        byte[] start = "{\"a\":".getBytes(StandardCharsets.UTF_8);
        long[] lengths = {1L << 31, (1L << 31) - 1, 1L << 32, -1, Long.MIN_VALUE, 100_000_001};
        for (long length : lengths) {
            HugeFile.sparse(file(), bytes(length, start, 0), 3L << 30);
            refuses(SafeTensors::read, "header of " + Long.toUnsignedString(length) + " bytes, beyond the limit");
        }
        for (long length : new long[] {100_000_000, 50_000_000, 9_000_000}) {
            HugeFile.sparse(file(), bytes(length, start, 0), 8 + length);
            refuses(SafeTensors::read, "header takes " + length, "-Xmx");
        }
        HugeFile.sparse(file(), bytes(start.length, start, 0), 1L << 40);
        refuses(SafeTensors::read, "1099511627776 bytes", "-Xmx");
    }

    /** A few bytes each that become objects. */
    @Test
    void headersOfManyThings() throws IOException {
        int most = 1_000_000;
        refuses("{\"a\":[" + "[],".repeat(most / 3) + "[]]}", 0, "is no object");
        refuses("{\"a\":[" + "1,".repeat(most / 2) + "1]}", 0, "is no object");
        refuses("{\"a\":" + "[".repeat(most), 0, "nested deeper than 16 levels");
        refuses("{\"a\":" + "{\"a\":".repeat(most / 5), 0, "nested deeper than 16 levels");
        refuses("{\"" + "a".repeat(most) + "\":1}", 0, "is no object");
        refuses("{\"a\":" + "9".repeat(most) + "}", 0, "does not fit into 64 bits");
        refuses("{\"a\":0." + "9".repeat(most) + "}", 0, "is no object");
        refuses("{\"a\":1e" + "9".repeat(most) + "}", 0, "does not fit into 64 bits");
        StringBuilder metadata = new StringBuilder("{\"__metadata__\":{\"0\":\"\"");
        for (int i = 1; i < most / 40; i++) {
            metadata.append(",\"").append(i).append("\":\"\"");
        }
        refuses(metadata + ",\"1\":\"\"}}", 0, "the key '1' stands twice");
        refuses("{" + tensor("a", "F32", "[" + "1,".repeat(most / 4) + "1]", 0, 8) + "}", 8, "needs 4 bytes");
        refuses("{" + tensor("a", "F32", "[" + "2,".repeat(most / 4) + "1]", 0, 8) + "}", 8, "more than 2^63 bytes");
    }

    @Test
    void headersThatLie() throws IOException {
        String a = tensor("a", "F32", "[2]", 0, 8);
        refuses("{" + a + "," + tensor("b", "F32", "[2]", 4, 12) + "}", 12, "overlap");
        refuses("{" + a + "," + tensor("b", "F32", "[2]", 0, 8) + "}", 8, "overlap");
        refuses("{" + a + "," + tensor("b", "F32", "[1]", 12, 16) + "}", 16, "leave a gap");
        refuses("{" + a + "," + a + "}", 8, "the key 'a' stands twice");
        refuses("{" + a + ",\"\\u0061\":{}}", 8, "the key 'a' stands twice");
        refuses("{" + tensor("a", "F64", "[2147483647,2147483647,2147483647]", 0, 8) + "}", 8, "more than 2^63 bytes");
        refuses("{" + tensor("a", "F64", "[0,2147483647,2147483647,2147483647]", 0, 8) + "}", 8, "needs 0 bytes");
        refuses(
                "{" + tensor("a", "F64", "[4611686018427387904,4]", 0, 8) + "}",
                8,
                "not whole numbers from 0 to 2^31 - 1");
        refuses("{" + tensor("a", "F32", "[2]", 0, Long.MAX_VALUE) + "}", 8, "needs 8 bytes");
        refuses("{" + tensor("a", "F32", "[2]", Long.MAX_VALUE - 8, Long.MAX_VALUE) + "}", 8, "leave a gap");
        refuses("{" + tensor("a", "Q4", "[2]", 0, 8) + "}", 8, "of type Q4");
    }

    @Test
    void headersThatAreNoText() throws IOException {
        refuses("\uFEFF{}", 0, "does not begin with '{'");
        refuses("{\"\u001b[31m\u202e\":1}", 0, "unescaped");
        refuses("{\"\\u001b[31m\\u202e\":1}", 0, "is no object");
        refuses("{\"\\ud800\":1}", 0, "half of a surrogate pair");
        refuses("{\"\\udc00\\ud800\":1}", 0, "half of a surrogate pair");
        for (String wrong :
                List.of("\u00ff", "\u00c0\u00a2", "\u00ed\u00a0\u0080", "\u00f5\u0080\u0080\u0080", "\u00e2\u0082")) {
            refuses(("{\"" + wrong + "\":1}").getBytes(StandardCharsets.ISO_8859_1), 0, "not valid UTF-8");
        }
    }

    /** What is sound as safetensors, but no model, checkpoint or state dict. */
    @Test
    void tensorsThatDoNotFitTheirMeaning() throws IOException {
        Files.write(file(), ModelFuzz.seeds().get(1));
        SafeTensors model = SafeTensors.read(file());
        for (String name : model.tensors().keySet()) {
            if (!name.startsWith("validation.")) {
                Map<String, Tensor> tensors = new HashMap<>(model.tensors());
                tensors.remove(name);
                new SafeTensors(model.metadata(), tensors).write(file());
                refuses(ModelFile::read, "'" + name + "' is missing");
            }
            Map<String, Tensor> tensors = new HashMap<>(model.tensors());
            tensors.put(name + ".more", model.tensors().get(name));
            new SafeTensors(model.metadata(), tensors).write(file());
            refuses(ModelFile::read, name + ".more", "no place in the network");
        }
        Map<String, String> claims = Map.of(
                "hidden",
                "[2147483647,2147483647]",
                "dimension",
                "2147483647",
                "conditions",
                "2147483647",
                "activation",
                "\u001b[31m" + "x".repeat(10_000),
                "columns",
                "[\"" + "x".repeat(10_000) + "\",\"b\"]",
                "format_version",
                "9223372036854775807",
                "provenance.steps",
                "9".repeat(10_000),
                "base",
                "1e".repeat(10_000));
        claims.forEach((name, value) -> {
            Map<String, String> metadata = new HashMap<>(model.metadata());
            metadata.put(name, value);
            try {
                new SafeTensors(metadata, model.tensors()).write(file());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            refuses(ModelFile::read, "; ");
        });
        Files.write(file(), ModelFuzz.seeds().get(2));
        SafeTensors leveled = SafeTensors.read(file());
        Map<String, String> counts =
                Map.of("noise_levels.count", "2147483647", "fourier.count", "more than 2^31 - 1 inputs");
        for (Map.Entry<String, String> count : counts.entrySet()) {
            Map<String, String> metadata = new HashMap<>(leveled.metadata());
            metadata.put(count.getKey(), "2147483647");
            new SafeTensors(metadata, leveled.tensors()).write(file());
            refuses(ModelFile::read, count.getValue());
        }
        new SafeTensors(Map.of(), model.tensors()).write(file());
        refuses(Checkpoint::read, "not a slicedscore.checkpoint");
        refuses(StateDict::read, "is no weight or bias");
        assertThat(refused).isGreaterThan(claims.size());
    }
}
