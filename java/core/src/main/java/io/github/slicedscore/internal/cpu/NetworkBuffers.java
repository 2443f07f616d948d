package io.github.slicedscore.internal.cpu;

/**
 * The streams of a {@link Network}'s pass over some samples. Where the perceptron sees [x, c] as it is, its input rows are the
 * network's.
 */
final class NetworkBuffers {
    private static final float[][] NONE = {};

    final JetShape shape;
    final JetBuffers jets;
    /** Rows [x, c] and their tangents. */
    final float[][] input;
    /** Their adjoints; empty where the caller does not want them. */
    final float[][] inputAdjoint;
    /** Outputs of the waves. */
    final float[][] waves;
    /** z-streams, then b-streams, then dz-streams of the waves. */
    final float[][] waveDerivatives;

    NetworkBuffers(
            JetShape shape,
            int[] widths,
            int inputs,
            int samples,
            boolean wrapped,
            int waveWidth,
            boolean wantInputAdjoint) {
        this.shape = shape;
        jets = new JetBuffers(shape, widths, samples, wantInputAdjoint);
        int rows = jets.input.length;
        input = wrapped ? new float[rows][inputs] : jets.input;
        inputAdjoint = !wantInputAdjoint ? NONE : wrapped ? new float[rows][inputs] : jets.inputAdjoint;
        waves = waveWidth == 0 ? NONE : new float[rows][waveWidth];
        waveDerivatives = waveWidth == 0 ? NONE : new float[rows][waveWidth];
    }

    /** Whether the perceptron's input is another than [x, c]. */
    boolean wrapped() {
        return input != jets.input;
    }

    float[][] output() {
        return jets.output;
    }

    float[][] outputAdjoint() {
        return jets.outputAdjoint;
    }
}
