package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import java.util.Arrays;
import java.util.List;

/** A CSV file that three threads read is the one that a single thread reads: the same table, or the same message. */
public final class ParallelCsvFuzz {
    private ParallelCsvFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        CsvOptions options = CsvFuzz.options(input[0]);
        byte[] content = Arrays.copyOfRange(input, 2, input.length);
        int part = CsvFuzz.part(input[1], content);
        Hostile.requireEqual(outcome(content, options, part, 3), outcome(content, options, part, 1));
    }

    private static Object outcome(byte[] content, CsvOptions options, int part, int threads) {
        return CsvFuzz.outcome(
                content, file -> CsvReader.read(file, options, ReadOptions.DEFAULT.withThreads(threads), part));
    }

    public static List<byte[]> seeds() {
        return CsvFuzz.seeds();
    }
}
