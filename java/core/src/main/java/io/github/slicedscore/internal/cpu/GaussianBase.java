package io.github.slicedscore.internal.cpu;

/**
 * The Gaussian base of an energy, -P |x|^2 / 2, on top of what else it is made of.
 *
 * <pre>
 * f   -= P |x|^2 / 2            f1_m -= P v_m.x            f2 -= P (sum_m |v_m|^2 + x.w)
 * </pre>
 *
 * <p>with w the input's second-order stream.
 */
final class GaussianBase {
    private GaussianBase() {}

    /**
     * Adds it to the output streams of a sample.
     *
     * @param network an energy
     * @param precision P, 0 for no base
     * @param buffers its streams
     * @param row of the sample's value stream
     */
    static void add(Network network, double precision, NetworkBuffers buffers, int row) {
        if (precision == 0) {
            return;
        }
        JetShape shape = buffers.shape;
        float[] x = buffers.input[row];
        float[][] out = buffers.output();
        out[row][0] -= (float) (0.5 * precision * network.dot(x, x));
        double curvature = 0;
        for (int m = 0; m < shape.tangents(); m++) {
            float[] v = buffers.input[row + 1 + m];
            out[row + 1 + m][0] -= (float) (precision * network.dot(v, x));
            curvature += m < shape.curved() ? network.dot(v, v) : 0;
        }
        if (shape.second()) {
            int last = row + shape.streams() - 1;
            out[last][0] -= (float) (precision * (curvature + network.dot(x, buffers.input[last])));
        }
    }

    /**
     * Adds what it owes to the adjoints of a sample's input.
     *
     * @param network an energy
     * @param precision P, 0 for no base
     * @param buffers its streams, with room for these adjoints
     * @param row of the sample's value stream
     */
    static void addAdjoint(Network network, double precision, NetworkBuffers buffers, int row) {
        if (precision == 0) {
            return;
        }
        float[] x = buffers.input[row];
        float[][] seeds = buffers.outputAdjoint();
        float[] dx = buffers.inputAdjoint[row];
        float p = (float) precision;
        add(-p * seeds[row][0], x, dx, network.dimension);
        for (int m = 0; m < buffers.shape.tangents(); m++) {
            float[] v = buffers.input[row + 1 + m];
            float[] dv = buffers.inputAdjoint[row + 1 + m];
            float o1 = seeds[row + 1 + m][0];
            add(-p * o1, v, dx, network.dimension);
            add(-p * o1, x, dv, network.dimension);
        }
    }

    private static void add(float factor, float[] what, float[] to, int dimension) {
        for (int i = 0; i < dimension; i++) {
            to[i] += factor * what[i];
        }
    }
}
