package io.github.slicedscore.io;

import io.github.slicedscore.fuzz.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A safetensors file is refused, or is the same after it was written and read again. */
public final class SafeTensorsFuzz {
    private SafeTensorsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Optional<SafeTensors> read = Hostile.read(input, SafeTensors::read);
        if (read.isPresent()) {
            Hostile.requireEqual(Hostile.read(bytes(read.get()), SafeTensors::read), read);
        }
    }

    /** A file's bytes. */
    static byte[] bytes(SafeTensors content) throws IOException {
        return Hostile.written(content::write);
    }

    public static List<byte[]> seeds() throws IOException {
        return List.of(
                bytes(new SafeTensors(Map.of(), Map.of())),
                bytes(new SafeTensors(
                        Map.of("k", "v\n\u00e9"),
                        Map.of(
                                "a",
                                Tensor.of(new float[] {1, -0f}, 2),
                                "b",
                                Tensor.of(new double[] {Math.PI}),
                                "c",
                                Tensor.of(new long[] {1, 2, 3, 4}, 2, 1, 2),
                                "d",
                                Tensor.of(new float[0], 0, 7)))),
                half());
    }

    private static byte[] half() {
        String header = "{\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[2,4]}}";
        return (((char) header.length()) + "\0\0\0\0\0\0\0" + header + "abcd").getBytes(StandardCharsets.ISO_8859_1);
    }
}
