package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.WIDTH;
import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The block on panels. A panel of a layer's output is made tile by tile, and its element-wise stage follows at once, while it is
 * in the first-level cache.
 */
final class SimdMlpBlock extends MlpBlock {
    private final MlpShape shape;
    private final PanelWeights weights;

    SimdMlpBlock(MlpShape shape) {
        this.shape = shape;
        this.weights = new PanelWeights(shape);
    }

    @Override
    MlpWeights weights() {
        return weights;
    }

    @Override
    JetBuffers buffers(JetShape jet, int samples, Reverse reverse) {
        return new PanelJets(jet, shape, samples, reverse);
    }

    @Override
    void forward(JetBuffers buffers, int from, int to, boolean secondInput, Scratch memory) {
        PanelJets jets = (PanelJets) buffers;
        SimdScratch scratch = (SimdScratch) memory;
        int streams = jets.shape.streams();
        int firstRow = from * streams;
        int end = to * streams;
        int order = order(jets);
        int filled = secondInput ? streams : jets.shape.firstOrderStreams();
        for (int r = firstRow; r < end; r++) {
            if (r % streams < filled) {
                jets.first.set(r, jets.input[r]);
            } else {
                jets.first.clear(r, shape.widths[0]);
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            Panels z = jets.affine[layer];
            boolean activated = layer < shape.activated();
            for (int panel = 0; panel < Panels.count(shape.widths[layer + 1]); panel++) {
                int at = panel * z.stride + firstRow * WIDTH;
                float[] b = weights.byInput(layer, panel);
                if (!activated && shape.widths[layer + 1] <= SimdDots.MOST_OUTPUTS) {
                    lastProducts(jets.inputOf(layer), firstRow, end - firstRow, streams, z.data, at, scratch.lanes);
                    continue;
                }
                boolean narrow = !activated && Panels.used(panel, shape.widths[layer + 1]) <= LANES;
                prepareBias(b, weights.biasRow(layer), streams, scratch.bias);
                SimdProduct.rows(
                        jets.inputOf(layer),
                        firstRow,
                        end - firstRow,
                        b,
                        shape.widths[layer],
                        scratch.bias,
                        streams,
                        z.data,
                        at,
                        narrow);
                if (activated) {
                    Panels a = jets.activations[layer];
                    int ao = panel * a.stride + firstRow * WIDTH;
                    SimdStage.activate(shape.activation, jets.shape, order, z.data, at, a.data, ao, to - from, scratch);
                    if (shape.adds(layer)) {
                        Panels previous = jets.activations[layer - 1];
                        SimdStage.add(
                                previous.data, panel * previous.stride + firstRow * WIDTH, a.data, ao, end - firstRow);
                    }
                }
            }
        }
        for (int r = firstRow; r < end; r++) {
            jets.last().get(r, jets.output[r]);
        }
    }

    /** How many derivatives of the activation the tangents and the reverse pass need. */
    private static int order(PanelJets jets) {
        if (jets.shape.tangents() == 0) {
            return jets.reverse == Reverse.NONE ? 0 : 1;
        }
        return jets.shape.second() ? 3 : 2;
    }

    /** The few outputs of the last layer. */
    private void lastProducts(Panels a, int firstRow, int rows, int streams, float[] z, int at, float[] lanes) {
        int last = shape.layers() - 1;
        int outputs = shape.widths[last + 1];
        SimdDots.rows(a, firstRow, rows, weights.byOutput(last), outputs, z, at, lanes);
        for (int q = 0; q < rows; q += streams) {
            for (int o = 0; o < outputs; o++) {
                z[at + q * WIDTH + o] += weights.byInput(last, 0)[weights.biasRow(last) * WIDTH + o];
            }
        }
    }

    /** Rows of biases for value streams and of zeros for the others, as many as a tile that begins at any stream needs. */
    private static void prepareBias(float[] b, int biasRow, int streams, float[] bias) {
        for (int row = 0; row < streams + SimdTile.ROWS - 1; row++) {
            if (row % streams == 0) {
                System.arraycopy(b, biasRow * WIDTH, bias, row * WIDTH, WIDTH);
            } else {
                Arrays.fill(bias, row * WIDTH, (row + 1) * WIDTH, 0f);
            }
        }
    }

    @Override
    void reverse(JetBuffers buffers, int from, int to, Scratch memory) {
        PanelJets jets = (PanelJets) buffers;
        SimdScratch scratch = (SimdScratch) memory;
        int streams = jets.shape.streams();
        int firstRow = from * streams;
        int rows = to * streams - firstRow;
        int last = shape.layers() - 1;
        Panels o = scratch.adjoints;
        if (last < shape.activated()) {
            for (int q = 0; q < rows; q++) {
                o.clear(q, shape.widths[last + 1]);
                o.set(q, jets.outputAdjoint[firstRow + q]);
            }
            for (int panel = 0; panel < Panels.count(shape.widths[last + 1]); panel++) {
                deactivate(jets, last, panel, from, to, o);
            }
        } else {
            for (int r = firstRow; r < firstRow + rows; r++) {
                jets.lastAdjoint.set(r, jets.outputAdjoint[r]);
            }
        }
        boolean wantInput = jets.inputAdjoint.length > 0;
        for (int layer = last; layer >= (wantInput ? 0 : 1); layer--) {
            for (int panel = 0; panel < Panels.count(shape.widths[layer]); panel++) {
                int at = panel * o.stride;
                SimdProduct.rows(
                        jets.adjointOf(layer),
                        firstRow,
                        rows,
                        weights.byOutput(layer)[panel],
                        shape.widths[layer + 1],
                        shape.adds(layer) ? o.data : SimdTile.ZERO,
                        1,
                        o.data,
                        at,
                        false);
                if (layer > 0) {
                    deactivate(jets, layer - 1, panel, from, to, o);
                }
            }
        }
        for (int q = 0; q < rows && wantInput; q++) {
            o.get(q, jets.inputAdjoint[firstRow + q]);
        }
    }

    /** From adjoints of a panel of a layer's activations to those of its affine output. */
    private static void deactivate(PanelJets jets, int layer, int panel, int from, int to, Panels o) {
        Panels b = jets.affine[layer];
        int at = panel * b.stride + from * jets.shape.streams() * WIDTH;
        SimdStage.deactivate(jets.shape, b.data, at, o.data, panel * o.stride, to - from);
    }

    /** By Cauchy and Schwarz, |dW|^2 is at most the product of the sums of squares of a and dz; and so is |db|^2 with a = 1. */
    @Override
    double gradientBound(JetBuffers buffers, int from, int to) {
        PanelJets jets = (PanelJets) buffers;
        int firstRow = from * jets.shape.streams();
        int rows = (to - from) * jets.shape.streams();
        double sum = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            double inputs = rows + sumSquares(jets.inputOf(layer), shape.widths[layer], firstRow, rows);
            sum += inputs * sumSquares(jets.adjointOf(layer), shape.widths[layer + 1], firstRow, rows);
        }
        return Math.sqrt(sum);
    }

    private static double sumSquares(Panels x, int columns, int firstRow, int rows) {
        double sum = 0;
        for (int panel = 0; panel < Panels.count(columns); panel++) {
            sum += SimdKernels.sumSquares(x.data, panel * x.stride + firstRow * WIDTH, rows * WIDTH);
        }
        return sum;
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
        PanelJets jets = (PanelJets) buffers;
        for (int piece = chunk.from(); piece < chunk.to(); piece++) {
            int panel = weights.panel(chunk.layer(), piece);
            weightGradient(jets, samples, chunk.layer(), panel, add, gradient[piece - shift], (SimdScratch) scratch);
        }
    }

    private void weightGradient(
            PanelJets jets, int samples, int layer, int panel, boolean add, float[] sum, SimdScratch scratch) {
        int streams = jets.shape.streams();
        int rows = samples * streams;
        int in = shape.widths[layer];
        Panels a = jets.inputOf(layer);
        Panels dz = jets.adjointOf(layer);
        boolean narrow = Panels.used(panel, shape.widths[layer + 1]) <= LANES;
        int biasStart = weights.biasRow(layer) * WIDTH;
        if (!add) {
            // Full tiles begin with zeros themselves.
            Arrays.fill(sum, narrow ? 0 : biasStart, biasStart + WIDTH, 0f);
        }
        if (shape.widths[layer + 1] <= SimdDots.MOST_OUTPUTS) {
            SimdDots.columns(a, in, dz, shape.widths[layer + 1], rows, sum, scratch.lanes);
        } else {
            SimdProduct.columns(a, in, dz, panel, rows, add, narrow, sum);
        }
        weights.clearPadding(layer, sum);
        addValues(dz, panel, streams, rows, sum, biasStart);
    }

    /** Adds a panel's rows of value streams. */
    private static void addValues(Panels x, int panel, int streams, int rows, float[] sum, int at) {
        FloatVector left = FloatVector.fromArray(FLOATS, sum, at);
        FloatVector right = FloatVector.fromArray(FLOATS, sum, at + LANES);
        int start = panel * x.stride;
        for (int r = 0; r < rows; r += streams) {
            left = left.add(FloatVector.fromArray(FLOATS, x.data, start + r * WIDTH));
            right = right.add(FloatVector.fromArray(FLOATS, x.data, start + r * WIDTH + LANES));
        }
        left.intoArray(sum, at);
        right.intoArray(sum, at + LANES);
    }
}
