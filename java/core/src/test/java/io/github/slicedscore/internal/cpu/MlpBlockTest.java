package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.model.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A block amid others: all of its input streams filled, the second-order one included, adjoints on all of its output
 * streams, adjoints asked of all input streams.
 *
 * <p>The reference knows no jets. With g the plain network in double precision, streams are differences of g by their
 * meaning, and derivatives are differences of
 *
 * <pre>
 * L = sum over samples of  o.g(x) + sum_m o1_m.g1_m + o2.g2
 *
 * g1_m = d/dt g(x + t x1_m)        g2 = sum over curved m of d^2/dt^2 g(x + t x1_m) + d/dt g(x + t x2)
 * </pre>
 */
@ExtendWith(NativeWidth.class)
class MlpBlockTest {
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final int SAMPLES = 5;

    private final Kernels kernels = KernelSelection.chosen().kernels();
    private final Random random = new Random(11);

    @Test
    void twoOfThreeTangentsCurved() {
        check(new JetShape(3, 2), Activation.SOFTPLUS, List.of(5, 9));
    }

    @Test
    void allTangentsCurved() {
        check(new JetShape(2, 2), Activation.SILU, List.of(9, 4));
    }

    @Test
    void oneTangent() {
        check(new JetShape(1, 1), Activation.TANH, List.of(6));
    }

    @Test
    void deepNetwork() {
        check(new JetShape(2, 1), Activation.SIN, List.of(4, 3, 8, 2));
    }

    @Test
    void firstOrderAlone() {
        check(new JetShape(2, 0), Activation.GELU, List.of(5, 9));
    }

    @Test
    void valueAlone() {
        check(JetShape.VALUE, Activation.SIGMOID, List.of(5, 9));
    }

    @Test
    void affine() {
        check(new JetShape(2, 1), Activation.SOFTPLUS, List.of());
    }

    @Test
    void residualLayers() {
        check(new JetShape(2, 1), shape(Activation.TANH, List.of(9, 9, 9, 4), true, false));
    }

    @Test
    void activatedOutput() {
        check(new JetShape(3, 2), shape(Activation.SIN, List.of(), false, true));
    }

    @Test
    void residualLayersAndActivatedOutput() {
        check(new JetShape(1, 1), shape(Activation.SIGMOID, List.of(OUT, OUT), true, true));
    }

    @Test
    void widerThanAPanel() {
        check(new JetShape(1, 1), Activation.SOFTPLUS, List.of(37, 3, 66, 3));
    }

    @Test
    void withoutAReverseTheOutputIsTheSame() {
        for (Activation activation : Activation.values()) {
            MlpBlock block = block(shape(activation, List.of(9, 40), false, false));
            JetBuffers whole = block.buffers(JetShape.VALUE, SAMPLES, Reverse.INPUT);
            JetBuffers alone = block.buffers(JetShape.VALUE, SAMPLES, Reverse.NONE);
            for (int n = 0; n < SAMPLES; n++) {
                fill(whole.input[n]);
                System.arraycopy(whole.input[n], 0, alone.input[n], 0, IN);
            }
            Scratch scratch = kernels.scratch(40, SAMPLES);
            block.forward(whole, 0, SAMPLES, true, scratch);
            block.forward(alone, 0, SAMPLES, true, scratch);
            assertThat(alone.output).as("%s", activation).isDeepEqualTo(whole.output);
        }
    }

    /** The promise that lets an update begin before the norm is known. */
    @Test
    void boundOfTheGradient() {
        JetShape jet = new JetShape(2, 1);
        MlpBlock block = block(shape(Activation.SOFTPLUS, List.of(9, 40), false, false));
        JetBuffers buffers = block.buffers(jet, SAMPLES, Reverse.PARAMETERS);
        for (int r = 0; r < SAMPLES * jet.streams(); r++) {
            fill(buffers.input[r]);
            fill(buffers.outputAdjoint[r]);
        }
        Scratch scratch = kernels.scratch(40, SAMPLES * jet.streams());
        block.forward(buffers, 0, SAMPLES, true, scratch);
        block.reverse(buffers, 0, SAMPLES, scratch);
        double bound = block.gradientBound(buffers, 0, SAMPLES);
        float[][] sums = block.weights().newPieces();
        double square = 0;
        for (Weights.Chunk chunk : block.weights().chunks()) {
            block.weightGradient(buffers, SAMPLES, chunk, false, sums, 0, scratch);
        }
        for (float g : block.weights().flatten(sums)) {
            square += (double) g * g;
        }
        assertThat(bound).isGreaterThanOrEqualTo(Math.sqrt(square));

        buffers.outputAdjoint[3][1] = Float.POSITIVE_INFINITY;
        block.forward(buffers, 0, SAMPLES, true, scratch);
        block.reverse(buffers, 0, SAMPLES, scratch);
        assertThat(block.gradientBound(buffers, 0, SAMPLES)).isNotFinite();
    }

    /** What a caller promises to be zero is not read: the first block of a network saves that product. */
    @Test
    void secondOrderInputIsIgnoredWherePromisedZero() {
        JetShape shape = new JetShape(1, 1);
        MlpBlock block = block(shape(Activation.TANH, List.of(7), false, false));
        JetBuffers zero = block.buffers(shape, 1, Reverse.INPUT);
        JetBuffers poisoned = block.buffers(shape, 1, Reverse.INPUT);
        for (int r = 0; r < 2; r++) {
            fill(zero.input[r]);
            System.arraycopy(zero.input[r], 0, poisoned.input[r], 0, IN);
        }
        Arrays.fill(poisoned.input[2], Float.NaN);
        Scratch scratch = kernels.scratch(7, shape.streams());
        block.forward(zero, 0, 1, true, scratch);
        block.forward(poisoned, 0, 1, false, scratch);
        assertThat(poisoned.output).isDeepEqualTo(zero.output);
    }

    private void check(JetShape shape, Activation activation, List<Integer> hidden) {
        check(shape, shape(activation, hidden, false, false));
    }

    private void check(JetShape shape, MlpShape form) {
        MlpBlock block = block(form);
        MlpWeights weights = block.weights();
        JetBuffers buffers = block.buffers(shape, SAMPLES, Reverse.INPUT);
        int streams = shape.streams();
        for (int r = 0; r < SAMPLES * streams; r++) {
            fill(buffers.input[r]);
            fill(buffers.outputAdjoint[r]);
        }
        double[][] seeds = widen(buffers.outputAdjoint);
        // Two ranges, the second first: samples do not meet before the weight gradient.
        Scratch scratch = kernels.scratch(weights.shape.widest(), 3 * streams);
        for (int from = 2; from >= 0; from -= 2) {
            int to = from == 2 ? SAMPLES : 2;
            block.forward(buffers, from, to, true, scratch);
            block.reverse(buffers, from, to, scratch);
        }

        double[][] input = widen(buffers.input);
        double[] flat = widen(new float[][] {weights.flatten(weights.pieces())})[0];
        Reference reference = new Reference(weights.shape, shape);

        for (int n = 0; n < SAMPLES; n++) {
            double[][] outputs = reference.streams(flat, Arrays.copyOfRange(input, n * streams, (n + 1) * streams));
            for (int stream = 0; stream < streams; stream++) {
                assertClose("output stream " + stream, buffers.output[n * streams + stream], outputs[stream]);
            }
        }

        double[][] adjoints = new double[input.length][IN];
        for (int r = 0; r < input.length; r++) {
            for (int i = 0; i < IN; i++) {
                double kept = input[r][i];
                input[r][i] = kept + Reference.STEP;
                double above = reference.total(flat, input, seeds);
                input[r][i] = kept - Reference.STEP;
                double below = reference.total(flat, input, seeds);
                input[r][i] = kept;
                adjoints[r][i] = (above - below) / (2 * Reference.STEP);
            }
            assertClose("input adjoint, stream " + r % streams, buffers.inputAdjoint[r], adjoints[r]);
        }

        double[] gradient = new double[flat.length];
        for (int i = 0; i < flat.length; i++) {
            double kept = flat[i];
            flat[i] = kept + Reference.STEP;
            double above = reference.total(flat, input, seeds);
            flat[i] = kept - Reference.STEP;
            double below = reference.total(flat, input, seeds);
            flat[i] = kept;
            gradient[i] = (above - below) / (2 * Reference.STEP);
        }
        // Gradients overwrite what was there, in whatever array they go to.
        float[][] sums = weights.newPieces();
        for (Weights.Chunk chunk : weights.chunks()) {
            float[][] passing = Arrays.copyOfRange(weights.newPieces(), chunk.from(), chunk.to());
            Arrays.stream(passing).forEach(piece -> Arrays.fill(piece, 7f));
            block.weightGradient(buffers, SAMPLES, chunk, false, passing, chunk.from(), scratch);
            System.arraycopy(passing, 0, sums, chunk.from(), passing.length);
        }
        assertClose("parameter gradient", weights.flatten(sums), gradient);
    }

    private static MlpShape shape(
            Activation activation, List<Integer> hidden, boolean residual, boolean activatedOutput) {
        int[] widths = new int[hidden.size() + 2];
        widths[0] = IN;
        for (int i = 0; i < hidden.size(); i++) {
            widths[i + 1] = hidden.get(i);
        }
        widths[hidden.size() + 1] = OUT;
        return new MlpShape(widths, activation, residual, activatedOutput);
    }

    private MlpBlock block(MlpShape shape) {
        MlpBlock block = kernels.block(shape);
        float[] flat = new float[block.weights().size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) (0.6 * random.nextGaussian());
        }
        block.weights().load(flat);
        return block;
    }

    private void fill(float[] row) {
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
    }

    private static double[][] widen(float[][] rows) {
        double[][] wide = new double[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            wide[r] = new double[rows[r].length];
            for (int i = 0; i < rows[r].length; i++) {
                wide[r][i] = rows[r][i];
            }
        }
        return wide;
    }

    /** Largest difference over largest size: differences of differences are good to about 1e-5. */
    private static void assertClose(String what, float[] found, double[] wanted) {
        double scale = 1;
        double error = 0;
        for (int i = 0; i < wanted.length; i++) {
            scale = Math.max(scale, Math.abs(wanted[i]));
            error = Math.max(error, Math.abs(found[i] - wanted[i]));
        }
        assertThat(error / scale)
                .as("%s: %s, not %s", what, Arrays.toString(found), Arrays.toString(wanted))
                .isLessThan(5e-5);
    }

    /** The plain network, its derivatives by central differences. */
    private record Reference(MlpShape block, JetShape shape) {
        static final double STEP = 1e-3;

        double[] plain(double[] flat, double[] x) {
            double[] a = x;
            int offset = 0;
            for (int layer = 0; layer < block.layers(); layer++) {
                int in = block.widths[layer];
                int out = block.widths[layer + 1];
                double[] z = new double[out];
                for (int o = 0; o < out; o++) {
                    z[o] = flat[offset + in * out + o];
                    for (int k = 0; k < in; k++) {
                        z[o] += flat[offset + o * in + k] * a[k];
                    }
                    if (layer < block.activated()) {
                        z[o] = block.activation.value(z[o]);
                    }
                    if (block.adds(layer)) {
                        z[o] += a[o];
                    }
                }
                offset += in * out + out;
                a = z;
            }
            return a;
        }

        /** Output streams of one sample from its input streams. */
        double[][] streams(double[] flat, double[][] in) {
            double[] x = in[0];
            double[][] streams = new double[shape.streams()][OUT];
            streams[0] = plain(flat, x);
            int last = shape.streams() - 1;
            for (int m = 1; m <= shape.tangents(); m++) {
                streams[m] = slope(flat, x, in[m]);
                for (int i = 0; m <= shape.curved() && i < OUT; i++) {
                    streams[last][i] += bend(flat, x, in[m])[i];
                }
            }
            for (int i = 0; shape.second() && i < OUT; i++) {
                streams[last][i] += slope(flat, x, in[last])[i];
            }
            return streams;
        }

        double total(double[] flat, double[][] input, double[][] seeds) {
            double sum = 0;
            int rows = shape.streams();
            for (int n = 0; n < SAMPLES; n++) {
                double[][] outputs = streams(flat, Arrays.copyOfRange(input, n * rows, (n + 1) * rows));
                for (int stream = 0; stream < rows; stream++) {
                    for (int i = 0; i < OUT; i++) {
                        sum += seeds[n * rows + stream][i] * outputs[stream][i];
                    }
                }
            }
            return sum;
        }

        /** d/dt g(x + t d) by differences at four points. */
        private double[] slope(double[] flat, double[] x, double[] d) {
            return combine(flat, x, d, new double[] {1, -8, 0, 8, -1}, 12 * STEP);
        }

        /** d^2/dt^2 g(x + t d) by differences at five points. */
        private double[] bend(double[] flat, double[] x, double[] d) {
            return combine(flat, x, d, new double[] {-1, 16, -30, 16, -1}, 12 * STEP * STEP);
        }

        private double[] combine(double[] flat, double[] x, double[] d, double[] factors, double divisor) {
            double[] sum = new double[OUT];
            for (int point = 0; point < 5; point++) {
                double[] moved = x.clone();
                for (int i = 0; i < moved.length; i++) {
                    moved[i] += (point - 2) * STEP * d[i];
                }
                double[] value = plain(flat, moved);
                for (int i = 0; i < OUT; i++) {
                    sum[i] += factors[point] * value[i] / divisor;
                }
            }
            return sum;
        }
    }
}
