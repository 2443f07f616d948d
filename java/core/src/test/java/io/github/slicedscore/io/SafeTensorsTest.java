package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    private static final SafeTensors SMALL = new SafeTensors(
            Map.of("format", "test", "text", "a \"quoted\" back\\slash,\nline, \u00e9\ud83d\ude00"),
            Map.of(
                    "b", Tensor.of(new float[] {1, -0f, Float.MIN_VALUE}, 3),
                    "a", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                    "c", Tensor.of(new double[] {Math.PI, Double.MAX_VALUE}, 2, 1),
                    "d", Tensor.of(new long[] {Long.MIN_VALUE}),
                    "empty", Tensor.of(new float[0], 0, 7)));

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = directory.resolve("small.safetensors");
        SMALL.write(file);

        SafeTensors read = SafeTensors.read(file);

        assertThat(read).isEqualTo(SMALL);
        assertThat(read.tensors().get("a").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(read.tensors().get("a").shape()).containsExactly(2, 3);
        assertThat(read.tensors().get("c").doubles()).containsExactly(Math.PI, Double.MAX_VALUE);
        assertThat(read.tensors().get("d").longs()).containsExactly(Long.MIN_VALUE);
        assertThat(read.tensors().get("d").shape()).isEmpty();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = directory.resolve("one.safetensors");
        new SafeTensors(
                        Map.of("k", "v"),
                        Map.of("w", Tensor.of(new float[] {1, 2}, 2), "z", Tensor.of(new double[] {3}, 1)))
                .write(file);

        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"z\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}";
        header += " ".repeat(-header.length() & 7);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
        bytes.putDouble(3).putFloat(1).putFloat(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes.array());
    }

    @Test
    void rewritingGivesTheSameBytes() throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        SMALL.write(first);
        SafeTensors.read(first).write(second);

        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Files.size(first) % 8).isEqualTo(4); // 9 floats at the end of data that is otherwise aligned
    }

    @Test
    void filesOfThePythonLibraryAreRead() throws Exception {
        Path golden = Path.of(SafeTensorsTest.class.getResource("/golden").toURI());
        try (Stream<Path> files = Files.list(golden)) {
            assertThat(files.toList()).isNotEmpty().allSatisfy(file -> {
                SafeTensors content = SafeTensors.read(file);
                int rows = content.tensors().get("x").shape().get(0);
                assertThat(content.metadata().get("kind")).isIn("score", "energy");
                assertThat(content.tensors().get("per_sample.ssm").doubles()).hasSize(rows);
                assertThat(content.tensors().get("loss.ssm").doubles()[0])
                        .isEqualTo(
                                Arrays.stream(content.tensors()
                                                .get("per_sample.ssm")
                                                .doubles())
                                        .average()
                                        .orElseThrow(),
                                org.assertj.core.api.Assertions.within(1e-12));
            });
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Path whole = directory.resolve("whole");
        Path cut = directory.resolve("cut");
        SMALL.write(whole);
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> SafeTensors.read(cut))
                    .as("cut to %d of %d bytes", length, bytes.length)
                    .isInstanceOf(MalformedFileException.class)
                    .hasMessageContaining(cut.toString());
        }
        Files.write(cut, Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> SafeTensors.read(cut))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("bytes of data");
    }

    @Test
    void noFlippedByteOfTheHeaderEscapesAsAnotherException() throws IOException {
        Path whole = directory.resolve("whole");
        Path flipped = directory.resolve("flipped");
        SMALL.write(whole);
        byte[] bytes = Files.readAllBytes(whole);
        int end =
                8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int refused = 0;
        for (int i = 0; i < end; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << bit);
                Files.write(flipped, changed);
                try {
                    SafeTensors.read(flipped);
                } catch (MalformedFileException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(4 * end);
    }

    @Test
    void aHeaderLengthBeyondTheFileOrTheLimitIsRefusedBeforeItIsAllocated() throws IOException {
        for (long length : new long[] {65, 1L << 31, -1, Long.MIN_VALUE, 100_000_001}) {
            Path file = directory.resolve("length" + length);
            Files.write(
                    file,
                    ByteBuffer.allocate(72)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> SafeTensors.read(file))
                    .isInstanceOf(MalformedFileException.class)
                    .hasMessageContaining("header of " + Long.toUnsignedString(length) + " bytes");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | overlap",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}} | leave a gap",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | leave a gap",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | announces 8 bytes of data, but 16 are there",
                "{'a':{'dtype':'F32','shape':[5],'data_offsets':[0,20]}} | announces 20 bytes of data, but 16 are there",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,16]}} | needs 12 bytes, but its data_offsets [0, 16] span 16",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[16,0]}} | not a begin and an end",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[-16,0]}} | not a begin and an end",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16,16]}} | not a begin and an end",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0.0,16]}} | not a begin and an end",
                "{'a':{'dtype':'F32','shape':[-4],'data_offsets':[0,16]}} | not whole numbers",
                "{'a':{'dtype':'F32','shape':['4'],'data_offsets':[0,16]}} | not whole numbers",
                "{'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,16]}} | more than 2^63 bytes",
                "{'a':{'dtype':'F32','shape':[2147483647,2],'data_offsets':[0,16]}} | needs 17179869176 bytes",
                "{'a':{'dtype':'I32','shape':[4],'data_offsets':[0,16]}} | is of type I32",
                "{'a':{'shape':[4],'data_offsets':[0,16]}} | is not described by",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16],'more':1}} | is not described by",
                "{'a':[]} | is no object",
                "{'__metadata__':{'a':1}} | is no string",
                "{'__metadata__':[]} | is no object",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]},'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | stands twice",
                "{'__metadata__':{'k':'1','k':'2'}} | stands twice",
                "{'a':[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]} | nested deeper than",
                "[] | does not begin with",
                "` {}` | does not begin with",
            })
    void headersThatLieAreRefused(String header, String complaint) throws IOException {
        Path file = directory.resolve("lie.safetensors");
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + 16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());

        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(complaint)
                .hasMessageContaining("; ");
    }

    @Test
    void aMissingFileAndADirectoryAreNamed() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> SafeTensors.read(missing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("check the path");
        assertThatThrownBy(() -> SafeTensors.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("directory");
        assertThatThrownBy(() -> SMALL.write(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("directory");
        assertThatThrownBy(() -> SMALL.write(missing.resolve("file")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("create it first");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = directory.resolve("kept");
        Files.writeString(file, "old");

        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(ByteBuffer.allocate(1));
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("the disk is full");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(ByteBuffer.allocate(1));
                    throw new UncheckedIOException(new IOException());
                }))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anInterruptedThreadStillSavesItsWork() throws IOException {
        Path file = directory.resolve("saved");
        Thread.currentThread().interrupt();
        SMALL.write(file);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(SafeTensors.read(file)).isEqualTo(SMALL);
    }

    /** Bits by IEEE 754 and by what bfloat16 is, written by hand: one, minus two, the smallest and the largest of each. */
    @Test
    void numbersOfSixteenBitsAreReadExactly() throws IOException {
        assertThat(sixteenBits("F16", 0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000, 0x0400))
                .containsExactly(1, -2, 0x1p-24, 65504, 0x1.554p-2, -0.0, 0x1p-14);
        assertThat(sixteenBits("BF16", 0x3f80, 0xc000, 0x0001, 0x7f7f, 0x3eab, 0x8000, 0x0080))
                .containsExactly(1, -2, 0x1p-133, 0x1.fep127, 0x1.56p-2, -0.0, 0x1p-126);
        for (int bits : new int[] {0x7c00, 0xfc00}) {
            assertThat(sixteenBits("F16", bits)[0]).isInfinite();
        }
        assertThat(sixteenBits("F16", 0x7c01)[0]).isNaN();
        assertThat(sixteenBits("BF16", 0xff80)[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(sixteenBits("BF16", 0x7fc0)[0]).isNaN();
    }

    private double[] sixteenBits(String type, int... bits) throws IOException {
        byte[] header = "{\"a\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                .formatted(type, bits.length, 2 * bits.length)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer content =
                ByteBuffer.allocate(8 + header.length + 2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(header.length).put(header);
        for (int value : bits) {
            content.putShort((short) value);
        }
        Path file = directory.resolve("half.safetensors");
        Files.write(file, content.array());
        Tensor tensor = SafeTensors.read(file).tensors().get("a");
        double[] values = tensor.toDoubles();
        assertThat(tensor.isFinite()).isEqualTo(Arrays.stream(values).allMatch(Double::isFinite));
        return values;
    }

    @Test
    void tensorsCheckShapeAndType() {
        Tensor floats = Tensor.of(new float[] {1, Float.NaN}, 2);
        assertThat(floats.isFinite()).isFalse();
        assertThat(Tensor.of(new double[] {Double.POSITIVE_INFINITY}, 1).isFinite())
                .isFalse();
        assertThat(Tensor.of(new double[] {1}, 1).isFinite()).isTrue();
        assertThatIllegalStateException().isThrownBy(floats::doubles).withMessageContaining("F32, not F64");
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(new float[4], 3));
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(new float[4], -2, -2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SafeTensors(Map.of(), Map.of("__metadata__", floats)));
        assertThat(List.of(floats)).containsExactly(Tensor.of(new float[] {1, Float.NaN}, 2));
    }
}
