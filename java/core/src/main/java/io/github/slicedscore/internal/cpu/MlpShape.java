package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Mlp;
import java.util.Arrays;

/** The form of a perceptron: widths of its layers, from the input's to the output's, and what happens between them. */
final class MlpShape {
    final int[] widths;
    final Activation activation;

    private final boolean residual;
    private final boolean activatedOutput;

    /**
     * A form.
     *
     * @param widths numbers of units, input and output included
     * @param activation of the hidden layers
     * @param residual whether layers as wide as their input, but for the first and the last, add it to their output
     * @param activatedOutput whether the last layer has the activation, too
     */
    MlpShape(int[] widths, Activation activation, boolean residual, boolean activatedOutput) {
        this.widths = widths;
        this.activation = activation;
        this.residual = residual;
        this.activatedOutput = activatedOutput;
    }

    /** The perceptron of an architecture. */
    static MlpShape of(Mlp architecture) {
        return new MlpShape(
                architecture.widths(),
                architecture.activation(),
                architecture.options().residual(),
                false);
    }

    int layers() {
        return widths.length - 1;
    }

    /** How many layers, the first ones, have the activation. */
    int activated() {
        return activatedOutput ? layers() : layers() - 1;
    }

    /** Whether a layer adds its input to its output: neither the first nor the last. */
    boolean adds(int layer) {
        return residual && layer > 0 && layer < layers() - 1 && widths[layer + 1] == widths[layer];
    }

    /** How many numbers of activations and adjoints a row is, over all layers. */
    int streamedUnits() {
        int units = 0;
        for (int layer = 0; layer < layers(); layer++) {
            units += widths[layer] + widths[layer + 1];
        }
        return units;
    }

    int widest() {
        return Arrays.stream(widths).max().orElseThrow();
    }
}
