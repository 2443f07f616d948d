package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.Floats;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A kernel amid others: all streams of its features filled, the second-order one included, adjoints on all streams of its output.
 *
 * <p>The reference knows no jets: with k(phi) = rho exp(-|phi - psi|^2 / (2 h)) in double precision, streams are differences of k by
 * their meaning,
 *
 * <pre>k1_m = d/dt k(phi + t phi1_m)        k2 = sum over curved m of d^2/dt^2 k(phi + t phi1_m) + d/dt k(phi + t phi2)</pre>
 *
 * <p>and derivatives are differences of the sum of adjoints times streams.
 */
@ExtendWith(NativeWidth.class)
class GaussianKernelTest {
    private static final int SAMPLES = 3;
    private static final double RHO = 0.4;
    private static final double STEP = 1e-3;

    private final Kernels kernels = KernelSelection.chosen().kernels();
    private final Random random = new Random(5);

    @Test
    void twoOfThreeTangentsCurved() {
        new Check(new JetShape(3, 2), 3, 6, 2).run();
    }

    @Test
    void allTangentsCurvedAndMorePointsThanAPanel() {
        new Check(new JetShape(2, 2), 5, 70, 1).run();
    }

    @Test
    void firstOrderAlone() {
        new Check(new JetShape(2, 0), 4, 9, 2).run();
    }

    @Test
    void valueAlone() {
        new Check(JetShape.VALUE, 2, 5, 2).run();
    }

    /** Large features cancel in a product of theirs, but not in their difference. */
    @Test
    void farFromTheOrigin() {
        GaussianKernel kernel = new GaussianKernel(kernels, 2, 1);
        kernel.load(new float[][] {{1000f, 2000f}}, 1, 1);
        GaussianKernel.Jets jets = kernel.buffers(JetShape.VALUE, 1, Reverse.PARAMETERS);
        jets.products.input[0][0] = 1000.5f;
        jets.products.input[0][1] = 2000f;
        float[][] sum = new float[1][1];
        kernel.forward(jets, 0, 1, sum, kernels.scratch(3, 1));
        assertThat(sum[0][0]).isCloseTo((float) Math.exp(-0.125), within(1e-6f));
    }

    private final class Check {
        private final JetShape shape;
        private final int features;
        private final int points;
        private final float[][] psi;
        private final GaussianKernel kernel;
        private final GaussianKernel.Jets jets;
        private final GaussianKernel.Seeds[] seeds;
        private double width = 0.7;

        Check(JetShape shape, int features, int points, int pairs) {
            this.shape = shape;
            this.features = features;
            this.points = points;
            psi = new float[points][features];
            for (float[] row : psi) {
                fill(row, features);
            }
            kernel = new GaussianKernel(kernels, features, points);
            kernel.load(psi, RHO, width);
            jets = kernel.buffers(shape, SAMPLES, Reverse.PARAMETERS);
            int rows = SAMPLES * shape.streams();
            seeds = new GaussianKernel.Seeds[pairs];
            for (int c = 0; c < pairs; c++) {
                seeds[c] = new GaussianKernel.Seeds(new float[rows], new float[points]);
                fill(seeds[c].rows(), rows);
                fill(seeds[c].coefficients(), points);
            }
            for (float[] row : jets.products.input) {
                fill(row, features);
            }
        }

        private void fill(float[] row, int count) {
            for (int i = 0; i < count; i++) {
                row[i] = (float) (0.5 * random.nextGaussian());
            }
        }

        void run() {
            int rows = SAMPLES * shape.streams();
            Scratch scratch = kernels.scratch(Math.max(features + 1, points), rows);
            float[][] sum = new float[rows][points];
            float[][] start = new float[rows][points];
            for (int r = 0; r < rows; r++) {
                fill(start[r], points);
                System.arraycopy(start[r], 0, sum[r], 0, points);
            }
            kernel.forward(jets, 0, SAMPLES, sum, scratch);
            kernel.reverse(jets, seeds, 0, SAMPLES, new float[GaussianKernel.WORK_ROWS][points], scratch);
            float[][] gradient = kernel.products.weights().newPieces();
            for (Weights.Chunk chunk : kernel.products.weights().chunks()) {
                kernel.products.weightGradient(jets.products, SAMPLES, chunk, false, gradient, 0, scratch);
            }
            float[][] psiAdjoint = new float[points][features + 1];
            kernel.psiAdjoint(gradient, psiAdjoint, 1);

            for (int r = 0; r < rows; r++) {
                double[] expected = new double[points];
                double[] actual = new double[points];
                for (int l = 0; l < points; l++) {
                    expected[l] = stream(r / shape.streams(), r % shape.streams(), l);
                    actual[l] = (double) sum[r][l] - start[r][l];
                }
                assertThat(Deviation.ofScale(actual, expected))
                        .as("stream %d", r)
                        .isLessThan(1e-5);
                double[] adjoint = Floats.widen(Arrays.copyOf(jets.products.inputAdjoint[r], features));
                near("adjoint of features, row " + r, adjoint, differences(jets.products.input[r]));
            }
            for (int l = 0; l < points; l++) {
                double[] adjoint = Floats.widen(Arrays.copyOfRange(psiAdjoint[l], 1, features + 1));
                near("adjoint of a point's features", adjoint, differences(psi[l]));
            }
            near("weight", new double[] {Arrays.stream(jets.weightAdjoint).sum()}, new double[] {total()});
            double h = width;
            DoubleSupplier at = () -> {
                width = h * Math.exp(STEP);
                double ahead = total();
                width = h * Math.exp(-STEP);
                double behind = total();
                width = h;
                return (ahead - behind) / (2 * STEP);
            };
            near("bandwidth", new double[] {Arrays.stream(jets.widthAdjoint).sum()}, new double[] {at.getAsDouble()});
        }

        private void near(String what, double[] actual, double[] expected) {
            assertThat(Deviation.ofScale(actual, expected)).as(what).isLessThan(2e-4);
        }

        private double[] differences(float[] of) {
            double[] result = new double[features];
            for (int k = 0; k < features; k++) {
                float value = of[k];
                of[k] = value + 0x1p-8f;
                double ahead = total();
                double high = of[k];
                of[k] = value - 0x1p-8f;
                double behind = total();
                result[k] = (ahead - behind) / (high - of[k]);
                of[k] = value;
            }
            return result;
        }

        /** The sum of adjoints times streams. */
        private double total() {
            double total = 0;
            for (int r = 0; r < SAMPLES * shape.streams(); r++) {
                for (int l = 0; l < points; l++) {
                    double adjoint = 0;
                    for (GaussianKernel.Seeds seed : seeds) {
                        adjoint += (double) seed.rows()[r] * seed.coefficients()[l];
                    }
                    total += adjoint * stream(r / shape.streams(), r % shape.streams(), l);
                }
            }
            return total;
        }

        private double stream(int sample, int stream, int point) {
            int row = sample * shape.streams();
            float[][] phi = jets.products.input;
            if (stream == 0) {
                return kernel(phi[row], phi[row], 0, point);
            }
            if (stream <= shape.tangents()) {
                return first(phi[row], phi[row + stream], point);
            }
            double sum = first(phi[row], phi[row + stream], point);
            for (int m = 1; m <= shape.curved(); m++) {
                sum += (kernel(phi[row], phi[row + m], STEP, point)
                                - 2 * kernel(phi[row], phi[row], 0, point)
                                + kernel(phi[row], phi[row + m], -STEP, point))
                        / (STEP * STEP);
            }
            return sum;
        }

        private double first(float[] phi, float[] along, int point) {
            return (kernel(phi, along, STEP, point) - kernel(phi, along, -STEP, point)) / (2 * STEP);
        }

        private double kernel(float[] phi, float[] along, double t, int point) {
            double square = 0;
            for (int k = 0; k < features; k++) {
                double u = phi[k] + t * along[k] - psi[point][k];
                square += u * u;
            }
            return RHO * Math.exp(-square / (2 * width));
        }
    }
}
