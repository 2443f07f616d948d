package io.github.slicedscore.internal.cpu;

/** The streams at both ends of a {@link Network}'s pass over some samples, rows as in {@link JetShape}; made by the network. */
abstract class NetworkBuffers {
    final JetShape shape;
    /** Rows [x, c] and their tangents. */
    final float[][] input;
    /** Their adjoints; empty where the caller does not want them. */
    final float[][] inputAdjoint;

    private final float[][] output;
    private final float[][] outputAdjoint;

    NetworkBuffers(JetShape shape, float[][] input, float[][] inputAdjoint, float[][] output, float[][] outputAdjoint) {
        this.shape = shape;
        this.input = input;
        this.inputAdjoint = inputAdjoint;
        this.output = output;
        this.outputAdjoint = outputAdjoint;
    }

    final float[][] output() {
        return output;
    }

    /** Filled by the caller before a reverse pass, which may overwrite it. */
    final float[][] outputAdjoint() {
        return outputAdjoint;
    }
}
