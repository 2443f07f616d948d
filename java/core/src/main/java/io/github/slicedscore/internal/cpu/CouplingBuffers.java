package io.github.slicedscore.internal.cpu;

/** The streams of a {@link CouplingNetwork}: those of every coupling's perceptron, and those that the map ends in. */
final class CouplingBuffers extends NetworkBuffers {
    /** By coupling. What a perceptron reads is the one half of the row after the couplings before. */
    final JetBuffers[] couplings;

    final PriorBlock.Jets end;

    CouplingBuffers(JetBuffers[] couplings, PriorBlock.Jets end, int dimension, Reverse reverse) {
        super(
                end.shape,
                new float[end.rows.length][dimension],
                new float[reverse == Reverse.INPUT ? end.rows.length : 0][dimension],
                new float[end.rows.length][1],
                new float[end.rows.length][1]);
        this.couplings = couplings;
        this.end = end;
    }

    /** h of a sample, where there are values alone. */
    float[] latent(int sample) {
        return end.rows[sample];
    }
}
