package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Rows that a run trains on: standardised, [x, c] in each, row-major, with the noise that they get.
 *
 * @param values [rows, dimension + conditions] row-major; not copied
 * @param rows N, at least 1
 * @param dimension D
 * @param conditions C
 * @param augmentation noise along x
 */
public record TrainingRows(float[] values, int rows, int dimension, int conditions, Augmentation augmentation) {
    /** Checks that the sizes agree. */
    public TrainingRows {
        if (rows < 1) {
            throw new IllegalArgumentException("there is no row to train on");
        }
        if (values.length < (long) rows * (dimension + conditions)) {
            throw new IllegalArgumentException("%d rows of %d + %d numbers do not fit into %d"
                    .formatted(rows, dimension, conditions, values.length));
        }
        if (augmentation.halfWidths().length != dimension) {
            throw new IllegalArgumentException("the augmentation has %d columns, the rows have %d"
                    .formatted(augmentation.halfWidths().length, dimension));
        }
    }

    /**
     * Copies a row and adds its noise.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param step the run's step
     * @param position position of the row in the global batch; keys the noise
     * @param row which row, 0 .. rows-1
     * @param input where [x, c] goes, from index 0
     */
    public void copy(Philox philox, long seed, long step, int position, int row, float[] input) {
        int width = dimension + conditions;
        System.arraycopy(values, row * width, input, 0, width);
        if (augmentation.dequantizes()) {
            float[] halfWidths = augmentation.halfWidths();
            for (int i = 0; i < dimension; i++) {
                if ((i & 3) == 0) {
                    philox.draw(seed, position, i >> 2, RandomStream.DEQUANTIZATION, 0, step);
                }
                input[i] += (float) (halfWidths[i] * (2 * philox.uniform(i & 3) - 1));
            }
        }
        if (augmentation.noise() > 0) {
            for (int i = 0; i < dimension; i++) {
                if ((i & 3) == 0) {
                    philox.draw(seed, position, i >> 2, RandomStream.SMOOTHING, 0, step);
                }
                input[i] += augmentation.noise() * philox.normal(i & 3);
            }
        }
    }
}
