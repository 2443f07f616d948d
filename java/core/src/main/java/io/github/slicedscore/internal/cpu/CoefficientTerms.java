package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.Arrays;

/**
 * An objective over some rows as a function of the coefficients alpha, in which it is quadratic: a row's loss is
 *
 * <pre>L = c sum_j (alpha.p_j + p0_j)^2 / 2 + alpha.q + constant</pre>
 *
 * <p>where p_j and q, of L numbers each, are linear in the jets of the kernels kappa, and p0_j is what p_j makes of the base, or is
 * given by the noise:
 *
 * <pre>
 *           p_j                                q                                         c
 * ssm       kappa1 along slice v_j             kappa2 of the slices, over M              1 / M
 * ssm-vr    kappa1 along e_j                   kappa2 of the slices, over M              1
 * exact     kappa1 along e_j                   kappa2 of all e_j                         1
 * dsm       kappa1 along e_j at x + sigma e;   0                                         1
 *           p0_j has e_j / sigma more
 * fd-ssm    (kappa+ - kappa-) / (2 eps)        mean (kappa+ - 2 kappa + kappa-) / eps^2  1 / M
 * </pre>
 *
 * <p>The caller fills {@link #input} and {@link #direction}, then runs, for every round in order, {@link #forward}, and where the
 * gradient is wanted {@link #reverse}. What is quadratic and what is linear is the sum over the rounds.
 */
abstract class CoefficientTerms {
    final DeepKernelNetwork network;
    final DeepKernelBuffers jets;
    final int dimension;
    /** p_j of all samples, {@link #perSample} rows each. */
    final float[][] first;

    final int perSample;
    /** c. */
    final double weight;

    private final float[][] inputs;
    private final float[][] directions;
    private final int directionsPerSample;
    private final int jetsPerSample;
    private final double[] constants;
    private final GaussianKernel.Seeds[] seeds = new GaussianKernel.Seeds[2];

    CoefficientTerms(
            DeepKernelNetwork network,
            Objective objective,
            DeepKernelBuffers jets,
            int samples,
            int jetsPerSample,
            int perSample,
            double weight,
            boolean ownRows) {
        this.network = network;
        this.jets = jets;
        this.jetsPerSample = jetsPerSample;
        this.perSample = perSample;
        this.weight = weight;
        dimension = network.dimension;
        directionsPerSample = objective.directions();
        inputs = new float[samples][dimension];
        directions = new float[samples * directionsPerSample][dimension];
        first = new float[samples * perSample][ownRows ? network.points : 0];
        constants = new double[samples * perSample];
    }

    /**
     * The terms of an objective.
     *
     * @param network whose coefficients
     * @param objective any that they are solved for under
     * @param samples most rows at a time
     * @param reverse whether gradients are wanted
     * @throws NotSupportedException for other objectives
     */
    static CoefficientTerms of(DeepKernelNetwork network, Objective objective, int samples, boolean reverse) {
        requireSupported(objective);
        return objective instanceof FiniteDifferenceScoreMatching differences
                ? new DifferenceTerms(network, differences, samples, reverse)
                : new JetTerms(network, objective, samples, reverse);
    }

    /** Refuses objectives that are not quadratic in the coefficients, or not known to be. */
    static void requireSupported(Objective objective) {
        if (!(objective instanceof SlicedScoreMatching
                || objective instanceof VarianceReducedScoreMatching
                || objective instanceof ExactScoreMatching
                || objective instanceof DenoisingScoreMatching
                || objective instanceof FiniteDifferenceScoreMatching)) {
            throw new NotSupportedException(
                    "the coefficients of a deep kernel energy are solved for under ssm, ssm-vr, exact,"
                            + " dsm and fd-ssm, not under " + objective.id());
        }
    }

    /** How many rows of streams a sample takes in a round. */
    final int rowsPerSample() {
        return jetsPerSample * jets.shape.streams();
    }

    final float[] input(int sample) {
        return inputs[sample];
    }

    final float[] direction(int sample, int k) {
        return directions[sample * directionsPerSample + k];
    }

    /** How many times the samples go through the network. */
    abstract int rounds();

    /** Fills the network's input, and {@code constants} with p0_j. */
    abstract void prepare(int round, int sample, double[] p0, int offset);

    /** Makes {@link #first}. */
    abstract void collect(int sample);

    /** Adds this round's part of a sample's q. */
    abstract void addSecond(int round, int sample, float[] sum);

    /** Seeds of a sample's rows that have p_j as adjoints, times a factor; adds to what is there. */
    abstract void seedFirst(int sample, int j, float factor, float[] rows);

    /** Seeds of a sample's rows that have this round's part of q as adjoints, times a factor; adds to what is there. */
    abstract void seedSecond(int round, int sample, float factor, float[] rows);

    /** Runs the first samples forward, to {@link #first}. */
    final void forward(int round, int count, Scratch scratch) {
        for (int n = 0; n < count; n++) {
            prepare(round, n, constants, n * perSample);
        }
        network.forwardKernels(jets, 0, count * jetsPerSample, scratch);
        for (int n = 0; n < count; n++) {
            collect(n);
        }
    }

    /** Adds the linear part of the first samples: q + c sum_j p0_j p_j. */
    final void addLinear(int round, int count, float[] sum) {
        for (int n = 0; n < count; n++) {
            addSecond(round, n, sum);
        }
        for (int row = 0; row < count * perSample; row++) {
            addTo(sum, (float) (weight * constants[row]), first[row]);
        }
    }

    /**
     * Runs the first samples backward: from u.alpha for the coefficients that minimise the sum of the losses over so many rows and a
     * regulariser. Its derivative, with w = (G + lambda)^-1 u, is that of -w.(G alpha + b), alpha and w held fixed.
     *
     * @param round which time
     * @param count how many samples
     * @param alpha the coefficients
     * @param w see above
     * @param rows over how many rows the loss is a mean
     * @param scratch memory of the calling thread
     */
    final void reverse(int round, int count, float[] alpha, float[] w, int rows, Scratch scratch) {
        int streams = rowsPerSample();
        float[][] of = new float[2][count * streams];
        for (int n = 0; n < count; n++) {
            for (int j = 0; j < perSample; j++) {
                int row = n * perSample + j;
                double p = constants[row] + DeepKernelNetwork.product(first[row], alpha);
                double y = DeepKernelNetwork.product(first[row], w);
                seedFirst(n, j, (float) (-weight * y / rows), of[0]);
                seedFirst(n, j, (float) (-weight * p / rows), of[1]);
            }
            seedSecond(round, n, -1f / rows, of[1]);
        }
        seeds[0] = new GaussianKernel.Seeds(of[0], alpha);
        seeds[1] = new GaussianKernel.Seeds(of[1], w);
        network.reverseKernels(jets, seeds, 0, count * jetsPerSample, scratch);
    }

    /** Gradient of all but the coefficients, after {@link #reverse}; as {@link Network#weightGradient}. */
    final void weightGradient(int count, Weights.Chunk chunk, boolean add, float[][] gradient, Scratch scratch) {
        network.kernelGradient(jets, count * jetsPerSample, chunk, add, gradient, 0, scratch);
    }

    static void addTo(float[] sum, float factor, float[] x) {
        for (int l = 0; l < sum.length; l++) {
            sum[l] += factor * x[l];
        }
    }

    /** All objectives but differences: slices, and unit vectors of x in rounds, as tangents. */
    private static final class JetTerms extends CoefficientTerms {
        /** Most unit vectors at a time. */
        private static final int MOST = 16;

        private final int slices;
        private final int axes;
        private final double sigma;
        private final double secondWeight;

        JetTerms(DeepKernelNetwork network, Objective objective, int samples, boolean reverse) {
            this(
                    network,
                    objective,
                    samples,
                    reverse,
                    objective instanceof SlicedScoreMatching ssm
                            ? ssm.slices().count()
                            : objective instanceof VarianceReducedScoreMatching vr
                                    ? vr.slices().count()
                                    : 0,
                    objective instanceof SlicedScoreMatching ? 0 : Math.min(MOST, network.dimension));
        }

        private JetTerms(
                DeepKernelNetwork network, Objective objective, int samples, boolean reverse, int slices, int axes) {
            super(
                    network,
                    objective,
                    network.buffers(
                            new JetShape(slices + axes, objective instanceof ExactScoreMatching ? axes : slices),
                            samples,
                            reverse ? Reverse.PARAMETERS : Reverse.NONE),
                    samples,
                    1,
                    axes > 0 ? axes : slices,
                    axes > 0 ? 1 : 1.0 / slices,
                    false);
            this.slices = slices;
            this.axes = axes;
            sigma = objective instanceof DenoisingScoreMatching dsm ? dsm.sigma() : 0;
            secondWeight = objective instanceof ExactScoreMatching ? 1 : 1.0 / slices;
            for (int n = 0; n < samples; n++) {
                for (int j = 0; j < perSample; j++) {
                    first[n * perSample + j] = jets.kappa[tangent(n, j)];
                }
            }
        }

        /** Row of the tangent that p_j is. */
        private int tangent(int sample, int j) {
            return sample * jets.shape.streams() + 1 + (axes > 0 ? slices : 0) + j;
        }

        @Override
        int rounds() {
            return axes == 0 ? 1 : (dimension + axes - 1) / axes;
        }

        @Override
        void prepare(int round, int sample, double[] p0, int offset) {
            int row = sample * jets.shape.streams();
            float[] x = jets.input[row];
            System.arraycopy(input(sample), 0, x, 0, dimension);
            if (sigma > 0) {
                addTo(x, (float) sigma, direction(sample, 0));
            }
            for (int m = 0; m < slices; m++) {
                System.arraycopy(direction(sample, m), 0, jets.input[row + 1 + m], 0, dimension);
            }
            for (int j = 0; j < axes; j++) {
                float[] axis = jets.input[tangent(sample, j)];
                Arrays.fill(axis, 0, dimension, 0f);
                if (round * axes + j < dimension) {
                    axis[round * axes + j] = 1f;
                }
            }
            for (int j = 0; j < perSample; j++) {
                float[] along = jets.input[tangent(sample, j)];
                p0[offset + j] = -network.precision * network.dot(x, along);
                if (sigma > 0) {
                    p0[offset + j] += network.dot(direction(sample, 0), along) / sigma;
                }
            }
        }

        @Override
        void collect(int sample) {}

        /** Row of the second-order stream, where this round's counts; else a negative number. */
        private int second(int round, int sample) {
            boolean counts = jets.shape.second() && (round == 0 || slices == 0);
            return counts ? (sample + 1) * jets.shape.streams() - 1 : -1;
        }

        @Override
        void addSecond(int round, int sample, float[] sum) {
            int row = second(round, sample);
            if (row >= 0) {
                addTo(sum, (float) secondWeight, jets.kappa[row]);
            }
        }

        @Override
        void seedFirst(int sample, int j, float factor, float[] rows) {
            rows[tangent(sample, j)] += factor;
        }

        @Override
        void seedSecond(int round, int sample, float factor, float[] rows) {
            int row = second(round, sample);
            if (row >= 0) {
                rows[row] += (float) (factor * secondWeight);
            }
        }
    }

    /** Values at x + eps v_m and x - eps v_m for every slice, and at x. */
    private static final class DifferenceTerms extends CoefficientTerms {
        private final int slices;
        private final double epsilon;

        DifferenceTerms(
                DeepKernelNetwork network, FiniteDifferenceScoreMatching objective, int samples, boolean reverse) {
            super(
                    network,
                    objective,
                    network.buffers(
                            JetShape.VALUE,
                            Math.multiplyExact(samples, 2 * objective.slices().count() + 1),
                            reverse ? Reverse.PARAMETERS : Reverse.NONE),
                    samples,
                    2 * objective.slices().count() + 1,
                    objective.slices().count(),
                    1.0 / objective.slices().count(),
                    true);
            slices = objective.slices().count();
            epsilon = objective.epsilon();
        }

        private int plus(int sample, int m) {
            return sample * (2 * slices + 1) + 2 * m;
        }

        @Override
        int rounds() {
            return 1;
        }

        @Override
        void prepare(int round, int sample, double[] p0, int offset) {
            float[] x = input(sample);
            for (int m = 0; m < slices; m++) {
                float[] v = direction(sample, m);
                for (int i = 0; i < dimension; i++) {
                    jets.input[plus(sample, m)][i] = (float) (x[i] + epsilon * v[i]);
                    jets.input[plus(sample, m) + 1][i] = (float) (x[i] - epsilon * v[i]);
                }
                p0[offset + m] = -network.precision * network.dot(x, v);
            }
            System.arraycopy(x, 0, jets.input[plus(sample, slices)], 0, dimension);
        }

        @Override
        void collect(int sample) {
            float factor = (float) (1 / (2 * epsilon));
            for (int m = 0; m < slices; m++) {
                float[] plus = jets.kappa[plus(sample, m)];
                float[] minus = jets.kappa[plus(sample, m) + 1];
                float[] difference = first[sample * slices + m];
                for (int l = 0; l < difference.length; l++) {
                    difference[l] = factor * (plus[l] - minus[l]);
                }
            }
        }

        @Override
        void addSecond(int round, int sample, float[] sum) {
            float factor = (float) (1 / (epsilon * epsilon * slices));
            float[] middle = jets.kappa[plus(sample, slices)];
            for (int m = 0; m < slices; m++) {
                float[] plus = jets.kappa[plus(sample, m)];
                float[] minus = jets.kappa[plus(sample, m) + 1];
                for (int l = 0; l < sum.length; l++) {
                    sum[l] += factor * ((plus[l] - middle[l]) + (minus[l] - middle[l]));
                }
            }
        }

        @Override
        void seedFirst(int sample, int j, float factor, float[] rows) {
            rows[plus(sample, j)] += (float) (factor / (2 * epsilon));
            rows[plus(sample, j) + 1] -= (float) (factor / (2 * epsilon));
        }

        @Override
        void seedSecond(int round, int sample, float factor, float[] rows) {
            float curvature = (float) (factor / (epsilon * epsilon));
            for (int m = 0; m < slices; m++) {
                rows[plus(sample, m)] += curvature / slices;
                rows[plus(sample, m) + 1] += curvature / slices;
            }
            rows[plus(sample, slices)] -= 2 * curvature;
        }
    }
}
