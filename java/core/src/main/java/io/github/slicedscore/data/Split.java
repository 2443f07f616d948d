package io.github.slicedscore.data;

import io.github.slicedscore.math.Permutation;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * Rows for training and rows for validation: every row in one of the two, chosen by a keyed permutation.
 *
 * @param training rows to train on, ascending, at least one
 * @param validation rows to validate on, ascending; may be empty
 */
public record Split(int[] training, int[] validation) {
    // The batches of a run use the permutations of epochs 0, 1, ...; no run gets as far as this one.
    private static final long EPOCH = (long) RandomStream.SPLIT.tag() << 56;

    /** Copies the arrays. */
    public Split {
        if (training.length == 0) {
            throw new IllegalArgumentException("there is no row to train on");
        }
        training = training.clone();
        validation = validation.clone();
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
        Permutation permutation = new Permutation(rows);
        permutation.key(seed, EPOCH);
        int[] shuffled = new int[rows];
        for (int i = 0; i < rows; i++) {
            shuffled[i] = (int) permutation.apply(i);
        }
        int[] validation = Arrays.copyOfRange(shuffled, 0, count);
        int[] training = Arrays.copyOfRange(shuffled, count, rows);
        Arrays.sort(validation);
        Arrays.sort(training);
        return new Split(training, validation);
    }

    /**
     * Rows to train on.
     *
     * @return a copy, ascending
     */
    @Override
    public int[] training() {
        return training.clone();
    }

    /**
     * Rows to validate on.
     *
     * @return a copy, ascending; may be empty
     */
    @Override
    public int[] validation() {
        return validation.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split that
                && Arrays.equals(training, that.training)
                && Arrays.equals(validation, that.validation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(training) + Arrays.hashCode(validation);
    }

    @Override
    public String toString() {
        return "Split[" + training.length + " training, " + validation.length + " validation rows]";
    }
}
