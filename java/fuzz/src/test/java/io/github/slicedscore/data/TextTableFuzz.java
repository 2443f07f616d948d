package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A CSV file is refused as a table of text, or every row has every field, and its numbers are those that a field holds. */
public final class TextTableFuzz {
    private TextTableFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        CsvOptions options = CsvFuzz.options(input[0]);
        byte[] content = Arrays.copyOfRange(input, 2, input.length);
        Hostile.read(content, file -> fields(file, options));
    }

    private static int fields(Path file, CsvOptions options) throws java.io.IOException {
        TextTable table = CsvReader.text(file, options);
        Hostile.requireEqual(table.columns(), CsvReader.columns(file, options));
        double[] numbers = table.numbers(table.columns());
        int width = table.columns().size();
        for (int i = 0; i < numbers.length; i++) {
            Hostile.requireEqual(numbers[i], CsvField.number(table.field(i / width, i % width)));
        }
        return table.rows();
    }

    public static List<byte[]> seeds() {
        return CsvFuzz.seeds();
    }
}
