package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * A gzip file is refused, or unpacks to what Java's own stream gives, in no more bytes than the ratio allows. The first byte of an
 * input says whether the rest is a file, or deflated data that get a head and a trailer with the right checksum.
 */
public final class GzipFuzz {
    private static final int MOST = 1 << 20;
    private static final byte[] HEAD = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0};

    private GzipFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        byte[] file = (input[0] & 1) == 0 ? content : member(content);
        if (file.length < 2 || file[0] != HEAD[0] || file[1] != HEAD[1]) {
            return;
        }
        byte[] unpacked = Hostile.read(file, path -> {
                    try (SourceFile source = SourceFile.open(path, ReadOptions.DEFAULT_MAX_RATIO)) {
                        return source.content().readAllBytes();
                    }
                })
                .orElse(null);
        if (unpacked != null) {
            Hostile.requireEqual(unpacked.length <= MOST, true);
            try (InputStream expected = new GZIPInputStream(new ByteArrayInputStream(file))) {
                Hostile.requireEqual(Arrays.equals(expected.readAllBytes(), unpacked), true);
            }
        }
    }

    /** Deflated data as a file, with the trailer of what they unpack to. */
    private static byte[] member(byte[] deflated) {
        Inflater inflater = new Inflater(true);
        inflater.setInput(deflated);
        CRC32 checksum = new CRC32();
        byte[] buffer = new byte[1 << 16];
        try {
            while (!inflater.finished() && inflater.getBytesWritten() <= MOST) {
                int length = inflater.inflate(buffer);
                if (length == 0) {
                    break;
                }
                checksum.update(buffer, 0, length);
            }
        } catch (DataFormatException e) {
            // The file will be refused.
        }
        int end = (int) inflater.getBytesRead();
        int size = (int) inflater.getBytesWritten();
        inflater.end();
        return ByteBuffer.allocate(HEAD.length + deflated.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(HEAD)
                .put(deflated, 0, end)
                .putInt((int) checksum.getValue())
                .putInt(size)
                .put(deflated, end, deflated.length - end)
                .array();
    }

    public static List<byte[]> seeds() {
        byte[] file = gzip("a,b\n1,2\n3,4\n");
        byte[] zeros = gzip("0".repeat(3000));
        return List.of(
                joined(new byte[1], file),
                joined(new byte[1], file, gzip(""), file),
                joined(new byte[] {1}, Arrays.copyOfRange(zeros, HEAD.length, zeros.length - 8)),
                joined(new byte[1], new byte[] {0x1F, (byte) 0x8B, 8, 8, 0, 0, 0, 0, 0, 3, 'n', 0, 3, 0}, new byte[8]));
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
