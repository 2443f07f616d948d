package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
class MlpBlockTest {
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final int SAMPLES = 5;

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

    /** What a caller promises to be zero is not read: the first block of a network saves that product. */
    @Test
    void secondOrderInputIsIgnoredWherePromisedZero() {
        JetShape shape = new JetShape(1, 1);
        MlpWeights weights = weights(Activation.TANH, List.of(7));
        MlpBlock block = new MlpBlock(new PlainKernels(), Activation.TANH, weights, false);
        JetBuffers zero = new JetBuffers(shape, weights.widths, 1, true);
        JetBuffers poisoned = new JetBuffers(shape, weights.widths, 1, true);
        for (int r = 0; r < 2; r++) {
            fill(zero.input[r]);
            System.arraycopy(zero.input[r], 0, poisoned.input[r], 0, IN);
        }
        Arrays.fill(poisoned.input[2], Float.NaN);
        Scratch scratch = new Scratch(weights.widest(), shape.streams());
        block.forward(zero, 0, 1, true, scratch);
        block.forward(poisoned, 0, 1, false, scratch);
        assertThat(poisoned.output).isDeepEqualTo(zero.output);
    }

    private void check(JetShape shape, Activation activation, List<Integer> hidden) {
        MlpWeights weights = weights(activation, hidden);
        MlpBlock block = new MlpBlock(new PlainKernels(), activation, weights, false);
        JetBuffers buffers = new JetBuffers(shape, weights.widths, SAMPLES, true);
        int streams = shape.streams();
        for (int r = 0; r < SAMPLES * streams; r++) {
            fill(buffers.input[r]);
            fill(buffers.outputAdjoint[r]);
        }
        // Two ranges, the second first: samples do not meet before the weight gradient.
        Scratch scratch = new Scratch(weights.widest(), 3 * streams);
        for (int from = 2; from >= 0; from -= 2) {
            int to = from == 2 ? SAMPLES : 2;
            block.forward(buffers, from, to, true, scratch);
            block.reverse(buffers, from, to, scratch);
        }

        double[][] input = widen(buffers.input);
        double[][] seeds = widen(buffers.outputAdjoint);
        double[] flat = widen(new float[][] {weights.flatten(weights.rows)})[0];
        Reference reference = new Reference(weights.widths, activation, shape);

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
        float[][][] sums = weights.newRows();
        for (int layer = 0; layer < weights.layers(); layer++) {
            int rows = weights.widths[layer] + 1;
            // Gradients overwrite what was there, and a task may hold any range of rows.
            Arrays.stream(sums[layer]).forEach(row -> Arrays.fill(row, 7f));
            block.weightGradient(buffers, SAMPLES, layer, 1, rows, false, sums[layer]);
            block.weightGradient(buffers, SAMPLES, layer, 0, 1, false, sums[layer]);
        }
        assertClose("parameter gradient", weights.flatten(sums), gradient);
    }

    private MlpWeights weights(Activation activation, List<Integer> hidden) {
        // A network from three numbers to two is a score network of two columns given one.
        MlpWeights weights = new MlpWeights(new ScoreMlp(OUT, IN - OUT, hidden, activation));
        float[] flat = new float[weights.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) (0.6 * random.nextGaussian());
        }
        weights.load(flat);
        return weights;
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
    private record Reference(int[] widths, Activation activation, JetShape shape) {
        static final double STEP = 1e-3;

        double[] plain(double[] flat, double[] x) {
            double[] a = x;
            int offset = 0;
            for (int layer = 0; layer + 1 < widths.length; layer++) {
                int in = widths[layer];
                int out = widths[layer + 1];
                double[] z = new double[out];
                for (int o = 0; o < out; o++) {
                    z[o] = flat[offset + in * out + o];
                    for (int k = 0; k < in; k++) {
                        z[o] += flat[offset + o * in + k] * a[k];
                    }
                    if (layer + 2 < widths.length) {
                        z[o] = activation.value(z[o]);
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
