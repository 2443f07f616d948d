package io.github.slicedscore.data;

import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Rows for training and rows for validation: every row in one of the two, chosen by a keyed permutation.
 *
 * @param training rows to train on, at least one
 * @param validation rows to validate on; may be empty
 */
public record Split(RowSet training, RowSet validation) {
    // The batches of a run use the permutations of epochs 0, 1, ...; no run gets as far as this one.
    private static final long EPOCH = (long) RandomStream.SPLIT.tag() << 56;

    /** Checks that there is a row to train on. */
    public Split {
        if (training.size() == 0) {
            throw new IllegalArgumentException("there is no row to train on");
        }
    }

    /**
     * Splits rows at random: the first round(fraction * rows) rows of a permutation of (seed) are for validation.
     *
     * @param rows number of rows
     * @param fraction share of the rows for validation, at least 0 and below 1
     * @param seed the run's seed
     * @return the split
     * @throws IllegalArgumentException if the fraction is out of range or leaves no row to train on
     */
    public static Split of(int rows, double fraction, long seed) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "the validation fraction is at least 0 and below 1, such as 0.1, not " + fraction);
        }
        int count = (int) Math.round(fraction * rows);
        if (count >= rows) {
            throw new IllegalArgumentException(
                    "a validation fraction of %s leaves none of %d rows to train on; make it smaller"
                            .formatted(fraction, rows));
        }
        double bytes = 3.0 * Integer.BYTES * count;
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a validation fraction of %s of %d rows holds out %d, whose numbers alone take %.1f GB of memory, and Java has %.1f GB; make it smaller, such as %.1e",
                    fraction,
                    rows,
                    count,
                    bytes / 1e9,
                    most / 1e9,
                    Math.min(fraction / 10, 1e5 / rows)));
        }
        Permutation permutation = new Permutation(rows);
        permutation.key(seed, EPOCH);
        int[] validation = new int[count];
        for (int i = 0; i < count; i++) {
            validation[i] = (int) permutation.apply(i);
        }
        Arrays.sort(validation);
        return new Split(RowSet.allBut(rows, validation), RowSet.of(validation));
    }
}
