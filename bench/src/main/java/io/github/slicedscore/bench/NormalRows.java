package io.github.slicedscore.bench;

import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/** Data of N(0, I), where what is learned makes no difference. */
public final class NormalRows {
    private NormalRows() {}

    /**
     * Draws rows.
     *
     * @param count how many
     * @param dimension D
     * @param seed key of the random numbers
     * @return the rows, without noise of their own
     */
    public static TrainingRows of(int count, int dimension, long seed) {
        float[] values = new float[Math.multiplyExact(count, dimension)];
        Philox philox = new Philox();
        for (int row = 0; row < count; row++) {
            philox.normals(seed, row, RandomStream.TOY, 0, 0, values, row * dimension, (row + 1) * dimension);
        }
        return new TrainingRows(values, count, dimension, 0, Augmentation.none(dimension));
    }
}
