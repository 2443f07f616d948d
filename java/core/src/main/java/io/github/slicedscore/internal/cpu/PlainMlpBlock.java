package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/** The block by {@link PlainKernels}: layer by layer over rows. */
final class PlainMlpBlock extends MlpBlock {
    private final PlainKernels kernels;
    private final MlpShape shape;
    private final PlainWeights weights;

    PlainMlpBlock(PlainKernels kernels, MlpShape shape) {
        this.kernels = kernels;
        this.shape = shape;
        this.weights = new PlainWeights(shape);
    }

    @Override
    MlpWeights weights() {
        return weights;
    }

    @Override
    JetBuffers buffers(JetShape jet, int samples, Reverse reverse) {
        return new PlainJets(jet, shape, samples, reverse);
    }

    @Override
    void forward(JetBuffers buffers, int from, int to, boolean secondInput, Scratch memory) {
        PlainJets jets = (PlainJets) buffers;
        PlainScratch scratch = (PlainScratch) memory;
        JetShape jet = jets.shape;
        int streams = jet.streams();
        for (int layer = 0; layer < shape.layers(); layer++) {
            float[][] z = jets.affine[layer];
            int width = shape.widths[layer + 1];
            for (int r = from * streams; r < to * streams; r++) {
                if (r % streams == 0) {
                    System.arraycopy(weights.bias(layer), 0, z[r], 0, width);
                } else {
                    Arrays.fill(z[r], 0f);
                }
            }
            kernels.multiply(
                    jets.inputOf(layer),
                    weights.rows[layer],
                    weights.transposed[layer],
                    z,
                    from * streams,
                    to * streams,
                    0,
                    streams,
                    layer > 0 || secondInput ? streams : jet.firstOrderStreams(),
                    shape.widths[layer],
                    width);
            if (layer < shape.activated()) {
                float[][] a = jets.activations[layer];
                for (int n = from; n < to; n++) {
                    kernels.activate(shape.activation, jet, z, a, n * streams, width, scratch);
                }
                for (int r = from * streams; r < to * streams && shape.adds(layer); r++) {
                    add(jets.activations[layer - 1][r], a[r], width);
                }
            }
        }
    }

    @Override
    void reverse(JetBuffers buffers, int from, int to, Scratch memory) {
        PlainJets jets = (PlainJets) buffers;
        PlainScratch scratch = (PlainScratch) memory;
        int streams = jets.shape.streams();
        int firstRow = from * streams;
        int last = shape.layers() - 1;
        if (last < shape.activated()) {
            deactivate(jets, last, from, to, jets.outputAdjoint, 0, scratch);
        }
        int end = jets.inputAdjoint.length == 0 ? 1 : 0;
        for (int layer = last; layer >= end; layer--) {
            float[][] adjoints = layer == 0 ? jets.inputAdjoint : scratch.adjoints;
            int shift = layer == 0 ? 0 : firstRow;
            int width = shape.widths[layer];
            if (!shape.adds(layer)) {
                for (int r = firstRow; r < to * streams; r++) {
                    Arrays.fill(adjoints[r - shift], 0, width, 0f);
                }
            }
            kernels.multiply(
                    jets.adjointOf(layer),
                    weights.transposed[layer],
                    weights.rows[layer],
                    adjoints,
                    firstRow,
                    to * streams,
                    shift,
                    streams,
                    streams,
                    shape.widths[layer + 1],
                    width);
            if (layer > 0) {
                deactivate(jets, layer - 1, from, to, adjoints, shift, scratch);
            }
        }
    }

    @Override
    double gradientBound(JetBuffers buffers, int from, int to) {
        return Double.POSITIVE_INFINITY;
    }

    /** From adjoints of a layer's activations, which a layer that adds its input keeps, to those of its affine output. */
    private void deactivate(
            PlainJets jets, int layer, int from, int to, float[][] adjoints, int shift, PlainScratch scratch) {
        int streams = jets.shape.streams();
        int width = shape.widths[layer + 1];
        boolean keep = shape.adds(layer);
        for (int n = from; n < to; n++) {
            float[] value = adjoints[n * streams - shift];
            if (keep) {
                System.arraycopy(value, 0, scratch.first, 0, width);
            }
            kernels.deactivate(jets.shape, jets.affine[layer], n * streams, adjoints, n * streams - shift, width);
            if (keep) {
                System.arraycopy(scratch.first, 0, value, 0, width);
            }
        }
    }

    @Override
    void weightGradient(
            JetBuffers buffers,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch) {
        PlainJets jets = (PlainJets) buffers;
        int streams = jets.shape.streams();
        int layer = chunk.layer();
        int in = shape.widths[layer];
        int width = shape.widths[layer + 1];
        int first = weights.firstPiece[layer];
        float[][] adjoints = jets.adjointOf(layer);
        if (!add) {
            for (int piece = chunk.from(); piece < chunk.to(); piece++) {
                Arrays.fill(gradient[piece - shift], 0, width, 0f);
            }
        }
        int rows = samples * streams;
        int to = Math.min(chunk.to() - first, in);
        kernels.multiplyTransposed(
                jets.inputOf(layer), adjoints, gradient, chunk.from() - first, to, shift - first, rows, width);
        if (chunk.to() - first > in) {
            float[] sum = gradient[first + in - shift];
            for (int r = 0; r < rows; r += streams) {
                add(adjoints[r], sum, width);
            }
        }
    }

    private static void add(float[] what, float[] to, int width) {
        for (int j = 0; j < width; j++) {
            to[j] += what[j];
        }
    }
}
