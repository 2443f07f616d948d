package io.github.slicedscore.bench.paper;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.DataReader;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * MNIST in logit space, as the paper's NICE experiments have it:
 *
 * <pre>y = logit(clamp(pixel / 255 + u, 10^-3, 1 - 10^-3)),      u uniform in +-1/512</pre>
 *
 * <p>The noise is drawn once, not afresh for every batch.
 *
 * @param rows number of images
 * @param values row-major
 */
record LogitImages(int rows, float[] values) {
    static final int DIMENSION = 784;

    private static final double CLAMP = 1e-3;

    static LogitImages read(Path file, long seed) throws IOException {
        Dataset images = DataReader.read(file, CsvOptions.DEFAULT, ReadOptions.DEFAULT);
        if (images.columns().size() != DIMENSION) {
            throw new IOException(file + " has rows of " + images.columns().size() + " numbers, not of " + DIMENSION
                    + "; give MNIST's images");
        }
        Random random = new Random(seed);
        float[] values = new float[Math.multiplyExact(images.rows(), DIMENSION)];
        double[] row = new double[DIMENSION];
        for (int i = 0; i < images.rows(); i++) {
            images.copyRow(i, row, 0);
            for (int k = 0; k < DIMENSION; k++) {
                double light = row[k] / 255 + (random.nextDouble() - 0.5) / 256;
                double inside = Math.min(Math.max(light, CLAMP), 1 - CLAMP);
                values[i * DIMENSION + k] = (float) (Math.log(inside) - Math.log1p(-inside));
            }
        }
        return new LogitImages(images.rows(), values);
    }

    /** From logit space to lightness in 0..1. */
    static double light(float logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** The rows from .. to-1. */
    LogitImages part(int from, int to) {
        return new LogitImages(to - from, java.util.Arrays.copyOfRange(values, from * DIMENSION, to * DIMENSION));
    }

    /** The same rows in a random order. */
    LogitImages shuffled(long seed) {
        Random random = new Random(seed);
        float[] moved = values.clone();
        float[] kept = new float[DIMENSION];
        for (int i = rows - 1; i > 0; i--) {
            int a = i * DIMENSION;
            int b = random.nextInt(i + 1) * DIMENSION;
            System.arraycopy(moved, a, kept, 0, DIMENSION);
            System.arraycopy(moved, b, moved, a, DIMENSION);
            System.arraycopy(kept, 0, moved, b, DIMENSION);
        }
        return new LogitImages(rows, moved);
    }
}
