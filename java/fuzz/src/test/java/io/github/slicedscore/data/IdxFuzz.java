package io.github.slicedscore.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** IDX files: a byte of options, and what follows the two zero bytes. */
public final class IdxFuzz {
    private IdxFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] content = ByteBuffer.allocate(2 + input.length - 1)
                .position(2)
                .put(input, 1, input.length - 1)
                .array();
        BinaryFuzz.read(input[0], content);
    }

    public static List<byte[]> seeds() {
        return List.of(
                seed("\0\u0008\3\0\0\0\2\0\0\0\1\0\0\0\2abcd"),
                seed("\1\r\2\0\0\0\1\0\0\0\1?\u00c0\0\0"),
                seed("\2\u000b\1\0\0\0\3abcdef"));
    }

    private static byte[] seed(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
