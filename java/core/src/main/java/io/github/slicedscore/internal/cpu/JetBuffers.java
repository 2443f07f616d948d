package io.github.slicedscore.internal.cpu;

/**
 * The streams of a block's pass over some samples: input, every layer's activations and derivative jets, output, and the
 * adjoints at both ends. Rows as in {@link JetShape}.
 */
final class JetBuffers {
    final JetShape shape;
    final float[][] input;
    final float[][] output;
    final float[][] outputAdjoint;
    /** Adjoints of the input; empty where the caller does not want them. */
    final float[][] inputAdjoint;
    /** activations[l]: a-streams after hidden layer l. */
    final float[][][] activations;
    /** derivatives[l]: z-streams, then b-streams, then dz-streams of hidden layer l. */
    final float[][][] derivatives;

    JetBuffers(JetShape shape, int[] widths, int samples, boolean wantInputAdjoint) {
        this.shape = shape;
        int rows = Math.multiplyExact(samples, shape.streams());
        int hidden = widths.length - 2;
        input = new float[rows][widths[0]];
        output = new float[rows][widths[hidden + 1]];
        outputAdjoint = new float[rows][widths[hidden + 1]];
        inputAdjoint = wantInputAdjoint ? new float[rows][widths[0]] : new float[0][];
        activations = new float[hidden][][];
        derivatives = new float[hidden][][];
        for (int layer = 0; layer < hidden; layer++) {
            activations[layer] = new float[rows][widths[layer + 1]];
            derivatives[layer] = new float[rows][widths[layer + 1]];
        }
    }

    /** What a layer reads. */
    float[][] inputOf(int layer) {
        return layer == 0 ? input : activations[layer - 1];
    }

    /** Adjoints of a layer's affine output, once the reverse pass has been there. */
    float[][] adjointOf(int layer) {
        return layer == derivatives.length ? outputAdjoint : derivatives[layer];
    }
}
