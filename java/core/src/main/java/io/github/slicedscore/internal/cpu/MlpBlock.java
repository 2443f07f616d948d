package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;
import java.util.Arrays;

/**
 * A multilayer perceptron as a block: jets in, jets out; adjoints of the output in, parameter gradients and, if asked,
 * adjoints of the input out. It assumes nothing about what stands before or after it.
 *
 * <p>All streams of a sample are rows of one matrix, so a layer is one product over all of them, then the activation's
 * element-wise stage ({@link Kernels#activate}). There is no tape: the reverse pass is written out.
 */
final class MlpBlock {
    final MlpWeights weights;

    private final Kernels kernels;
    private final Activation activation;
    private final int[] widths;
    private final boolean residual;

    MlpBlock(Kernels kernels, Activation activation, MlpWeights weights, boolean residual) {
        this.kernels = kernels;
        this.activation = activation;
        this.weights = weights;
        this.widths = weights.widths;
        this.residual = residual;
    }

    /** Whether a hidden layer adds its input to its output. */
    private boolean adds(int layer) {
        return residual && layer > 0 && layer < weights.layers() - 1 && widths[layer + 1] == widths[layer];
    }

    /**
     * Runs samples from .. to-1 forward.
     *
     * @param buffers input rows filled; activations, derivatives and output are written
     * @param from first sample
     * @param to one past the last sample
     * @param secondInput whether the input's second-order stream may be other than zero
     * @param scratch memory of the calling thread
     */
    void forward(JetBuffers buffers, int from, int to, boolean secondInput, Scratch scratch) {
        JetShape shape = buffers.shape;
        int streams = shape.streams();
        for (int layer = 0; layer < weights.layers(); layer++) {
            boolean last = layer == weights.layers() - 1;
            float[][] z = last ? buffers.output : buffers.derivatives[layer];
            int width = widths[layer + 1];
            for (int r = from * streams; r < to * streams; r++) {
                if (r % streams == 0) {
                    System.arraycopy(weights.bias(layer), 0, z[r], 0, width);
                } else {
                    Arrays.fill(z[r], 0f);
                }
            }
            kernels.multiply(
                    buffers.inputOf(layer),
                    weights.rows[layer],
                    weights.transposed[layer],
                    z,
                    from * streams,
                    to * streams,
                    0,
                    streams,
                    layer > 0 || secondInput ? streams : shape.firstOrderStreams(),
                    widths[layer],
                    width);
            if (!last) {
                for (int n = from; n < to; n++) {
                    kernels.activate(activation, shape, z, buffers.activations[layer], n * streams, width, scratch);
                }
                if (adds(layer)) {
                    for (int r = from * streams; r < to * streams; r++) {
                        add(buffers.activations[layer - 1][r], buffers.activations[layer][r], width);
                    }
                }
            }
        }
    }

    /**
     * Runs samples from .. to-1 backward, from the output's adjoints to those of every layer's affine output, and of the
     * input where the buffers have room for them.
     *
     * @param buffers after {@link #forward}, with the output's adjoints filled
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    void reverse(JetBuffers buffers, int from, int to, Scratch scratch) {
        JetShape shape = buffers.shape;
        int streams = shape.streams();
        int firstRow = from * streams;
        int end = buffers.inputAdjoint.length == 0 ? 1 : 0;
        for (int layer = weights.layers() - 1; layer >= end; layer--) {
            float[][] adjoints = layer == 0 ? buffers.inputAdjoint : scratch.adjoints;
            int shift = layer == 0 ? 0 : firstRow;
            int width = widths[layer];
            if (!adds(layer)) {
                for (int r = firstRow; r < to * streams; r++) {
                    Arrays.fill(adjoints[r - shift], 0, width, 0f);
                }
            }
            kernels.multiply(
                    buffers.adjointOf(layer),
                    weights.transposed[layer],
                    weights.rows[layer],
                    adjoints,
                    firstRow,
                    to * streams,
                    shift,
                    streams,
                    streams,
                    widths[layer + 1],
                    width);
            if (layer > 0) {
                float[][] derivatives = buffers.derivatives[layer - 1];
                boolean keep = adds(layer - 1);
                for (int n = from; n < to; n++) {
                    float[] value = adjoints[n * streams - shift];
                    if (keep) {
                        System.arraycopy(value, 0, scratch.first, 0, width);
                    }
                    kernels.deactivate(shape, derivatives, n * streams, adjoints, n * streams - shift, width);
                    if (keep) {
                        System.arraycopy(scratch.first, 0, value, 0, width);
                    }
                }
            }
        }
    }

    /**
     * Parameter gradients of a layer's rows from .. to-1 of {@link MlpWeights#rows}, summed over samples:
     * dW = sum over all streams of dz_k^T a_k, db = sum of the value streams' dz.
     *
     * @param buffers after {@link #reverse}
     * @param samples the first so many samples
     * @param layer which layer
     * @param from first parameter row
     * @param to one past the last parameter row
     * @param add whether to add to what is there
     * @param gradient where the sums go
     */
    void weightGradient(JetBuffers buffers, int samples, int layer, int from, int to, boolean add, float[][] gradient) {
        int streams = buffers.shape.streams();
        int in = widths[layer];
        int width = widths[layer + 1];
        float[][] adjoints = buffers.adjointOf(layer);
        if (!add) {
            for (int k = from; k < to; k++) {
                Arrays.fill(gradient[k], 0f);
            }
        }
        int rows = samples * streams;
        kernels.multiplyTransposed(buffers.inputOf(layer), adjoints, gradient, from, Math.min(to, in), rows, width);
        if (to > in) {
            float[] sum = gradient[in];
            for (int r = 0; r < rows; r += streams) {
                float[] dz = adjoints[r];
                for (int j = 0; j < width; j++) {
                    sum[j] += dz[j];
                }
            }
        }
    }

    private static void add(float[] what, float[] to, int width) {
        for (int j = 0; j < width; j++) {
            to[j] += what[j];
        }
    }
}
