package io.github.slicedscore.model;

import java.util.List;

/** Checks that all networks made of perceptrons share. */
final class MlpChecks {
    private MlpChecks() {}

    /** Widths of all layers, input and output included. */
    static int[] widths(int in, List<Integer> hidden, int out) {
        int[] widths = new int[hidden.size() + 2];
        widths[0] = in;
        for (int i = 0; i < hidden.size(); i++) {
            widths[i + 1] = hidden.get(i);
        }
        widths[widths.length - 1] = out;
        return widths;
    }

    static List<Integer> check(int dimension, int conditions, List<Integer> hidden, MlpOptions options) {
        if (dimension < 1) {
            throw new IllegalArgumentException("a model needs at least one column, not " + dimension);
        }
        if (conditions < 0) {
            throw new IllegalArgumentException("the number of condition columns is not negative: " + conditions);
        }
        if (conditions > Integer.MAX_VALUE - dimension) {
            throw new IllegalArgumentException(
                    dimension + " modelled and " + conditions + " condition columns are more than 2^31 - 1 inputs");
        }
        if (options.noiseLevels().isPresent() && conditions == 0) {
            throw new IllegalArgumentException(
                    "a network that knows noise levels has log sigma as its last condition column, so at least one, not 0");
        }
        long waves = options.fourier().map(fourier -> 2L * fourier.count()).orElse(0L);
        if (dimension + (long) conditions + waves > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(waves + " waves of " + (dimension + conditions)
                    + " columns are more than 2^31 - 1 inputs; take fewer");
        }
        for (int width : hidden) {
            if (width < 1) {
                throw new IllegalArgumentException("hidden layers have a width of at least 1, not " + width + " in "
                        + hidden + "; leave the list empty for a network without hidden layers");
            }
        }
        return List.copyOf(hidden);
    }
}
