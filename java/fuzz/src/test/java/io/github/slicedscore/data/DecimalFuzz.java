package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A number that our parser is sure of has the bits that {@link Double#parseDouble} gives; what that refuses, it refuses. */
public final class DecimalFuzz {
    private static final DecimalParser PARSER = new DecimalParser();

    private DecimalFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] text = Arrays.copyOf(input, input.length + 1);
        text[input.length] = ',';
        double value = PARSER.parse(text, 0);
        if (Double.isNaN(value)) {
            return;
        }
        String number = new String(text, 0, PARSER.end(), StandardCharsets.ISO_8859_1);
        Hostile.requireEqual(Double.doubleToRawLongBits(value), Double.doubleToRawLongBits(Double.parseDouble(number)));
        Hostile.requireEqual(Double.doubleToRawLongBits(value), Double.doubleToRawLongBits(CsvField.number(number)));
    }

    public static List<byte[]> seeds() {
        return List.of(
                        "1",
                        "-0.5",
                        "+12345678901234567.5e-12",
                        "9007199254740993",
                        ".5E+3",
                        "0.000000000012345",
                        "1e22")
                .stream()
                .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }
}
