package io.github.slicedscore.exchange;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Mlp;

/** What other programs take: perceptrons. */
final class Perceptrons {
    private Perceptrons() {}

    /**
     * The perceptron that a network is.
     *
     * @param architecture the network
     * @param format what it is written as, for the message
     * @throws IllegalArgumentException if it is none
     */
    static Mlp of(Architecture architecture, String format) {
        if (architecture instanceof Mlp mlp) {
            return mlp;
        }
        throw new IllegalArgumentException(
                format + " is written of perceptrons (models of the kinds energy and score), not of the kind "
                        + architecture.kind());
    }
}
