package io.github.slicedscore.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** NumPy files: a byte of options, and what follows the magic number. */
public final class NpyFuzz {
    private NpyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] content = ByteBuffer.allocate(NpyHeader.MAGIC.length + input.length - 1)
                .put(NpyHeader.MAGIC)
                .put(input, 1, input.length - 1)
                .array();
        BinaryFuzz.read(input[0], content);
    }

    public static List<byte[]> seeds() {
        return List.of(
                seed(
                        "\0\1\0",
                        "\0",
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n",
                        "\0\0\u0080?\0\0\0@"),
                seed("\1\2\0", "\0\0\0", "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }\n", "abcdefgh"),
                seed("\2\3\0", "\0\0\0", "{'shape':(3L,),'fortran_order':False,'descr':'|u1'}", "abc"));
    }

    /** A file whose head has fewer than 256 bytes. */
    private static byte[] seed(String start, String lengthEnd, String head, String numbers) {
        return (start + (char) head.length() + lengthEnd + head + numbers).getBytes(StandardCharsets.ISO_8859_1);
    }
}
