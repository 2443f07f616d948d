package io.github.slicedscore.eval;

/** What the statistical tests share. */
final class Tests {
    /** Uses of {@link Points#shuffled}: which rows are tested, and how rows are split; permutations count up from the last. */
    static final long CHOICE = 0;

    static final long OTHER_CHOICE = 1;
    static final long SPLIT = 2;
    static final long PERMUTATIONS = 1L << 32;

    private static final int FEWEST_DRAWS = 19;

    private Tests() {}

    /** p-values of fewer draws cannot be as small as 5 %. */
    static void requireDraws(String what, int draws) {
        if (draws < FEWEST_DRAWS) {
            throw new IllegalArgumentException(
                    what + " are at least " + FEWEST_DRAWS + ", or no p-value could be as small as 5 %, not " + draws);
        }
    }

    static void requireMostRows(int maxRows, int fewest) {
        if (maxRows < fewest) {
            throw new IllegalArgumentException(
                    "the most rows that are tested are at least " + fewest + ", not " + maxRows);
        }
    }

    /** The share of the values, the first among them, that are no smaller than the first. */
    static double share(double[] values) {
        int larger = 0;
        for (double value : values) {
            larger += value >= values[0] ? 1 : 0;
        }
        return (double) larger / values.length;
    }
}
