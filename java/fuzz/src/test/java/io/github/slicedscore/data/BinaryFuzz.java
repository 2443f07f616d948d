package io.github.slicedscore.data;

import io.github.slicedscore.fuzz.Hostile;
import io.github.slicedscore.fuzz.HugeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What the targets of binary tables share: a table is refused, or all its numbers are finite, also where gzip packed it. */
final class BinaryFuzz {
    private BinaryFuzz() {}

    /**
     * Reads a file.
     *
     * @param options bits: missing values are dropped, gzip packs the file
     */
    static void read(byte options, byte[] content) {
        CsvOptions how = CsvOptions.DEFAULT
                .withMinimumRows(1)
                .withMissing((options & 1) == 0 ? MissingValues.ERROR : MissingValues.DROP);
        Hostile.read((options & 2) == 0 ? content : packed(content), file -> sum(file, how));
    }

    private static double sum(Path file, CsvOptions options) throws IOException {
        Dataset data = DataReader.read(file, options, ReadOptions.DEFAULT.withThreads(1));
        int width = data.columns().size();
        double[] row = new double[width];
        double sum = 0;
        for (int i = 0; i < data.rows(); i++) {
            data.copyRow(i, row, 0);
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    throw new AssertionError(value + " in row " + i);
                }
                sum += value;
            }
        }
        return sum;
    }

    private static byte[] packed(byte[] content) {
        try {
            return HugeFile.gzip(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
