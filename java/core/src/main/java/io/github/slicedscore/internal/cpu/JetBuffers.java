package io.github.slicedscore.internal.cpu;

/**
 * The streams at both ends of a block's pass over some samples: input, output, and the adjoints of both. Rows as in
 * {@link JetShape}. What lies between is in the layout of the kernels.
 */
abstract sealed class JetBuffers permits PlainJets, PanelJets {
    final JetShape shape;
    final Reverse reverse;
    final float[][] input;
    final float[][] output;
    /** Filled by the caller before a reverse pass, which overwrites it only if the last layer has an activation. */
    final float[][] outputAdjoint;
    /** Adjoints of the input; empty where the caller does not want them. */
    final float[][] inputAdjoint;

    JetBuffers(JetShape shape, MlpShape block, int samples, Reverse reverse) {
        this.shape = shape;
        this.reverse = reverse;
        int rows = Math.multiplyExact(samples, shape.streams());
        int in = block.widths[0];
        int out = block.widths[block.layers()];
        input = new float[rows][in];
        output = new float[rows][out];
        outputAdjoint = new float[rows][out];
        inputAdjoint = reverse == Reverse.INPUT ? new float[rows][in] : new float[0][];
    }
}
