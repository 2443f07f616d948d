package io.github.slicedscore.sample;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Arrays;

/**
 * The probability flow from the smallest noise level to the largest, with what it does to volumes. A row of the state is [x,
 * l_1, ..., l_K], one l a probe (the exact divergence has one in all); with t = log sigma
 *
 * <pre>dx/dt = -sigma^2 s(x, sigma)      dl_k/dt = -sigma^2 v_k.J v_k      (exact: -sigma^2 tr J)</pre>
 */
final class DensityFlow {
    private final NoisedScore score;
    private final int count;
    private final int dimension;
    private final int channels;

    /** One array of directions [count, D] for each probe; none for the exact divergence. */
    private final double[][] probes;

    private final double[] points;
    private final double[] scores;
    private final double[] traces;

    /** The directions of the exact divergence, one axis at a time; all 0 in between. */
    private final double[] axis;

    DensityFlow(NoisedScore score, int count, Divergence divergence) {
        this.score = score;
        this.count = count;
        dimension = score.dimension();
        probes = divergence instanceof Divergence.Hutchinson hutchinson ? probes(hutchinson) : new double[0][];
        channels = Math.max(1, probes.length);
        points = new double[count * dimension];
        scores = new double[count * dimension];
        traces = new double[count];
        axis = new double[probes.length == 0 ? count * dimension : 0];
    }

    FlowLikelihood follow(double[] from, double relative, double absolute) {
        int width = dimension + channels;
        double[] state = new double[Math.multiplyExact(count, width)];
        for (int row = 0; row < count; row++) {
            System.arraycopy(from, row * dimension, state, row * width, dimension);
        }
        NoiseLevels levels = score.levels();
        DormandPrince method = new DormandPrince(relative, absolute, width);
        method.integrate(this::derivative, Math.log(levels.smallest()), Math.log(levels.largest()), state);
        double[] values = new double[count];
        double[] errors = new double[count];
        for (int row = 0; row < count; row++) {
            values[row] = logPrior(state, row * width) + mean(state, row * width + dimension);
            errors[row] = standardError(state, row * width + dimension);
        }
        return new FlowLikelihood(values, errors, method.evaluations());
    }

    private void derivative(double t, double[] state, double[] into) {
        double sigma = Math.exp(t);
        double factor = -sigma * sigma;
        int width = dimension + channels;
        for (int row = 0; row < count; row++) {
            System.arraycopy(state, row * width, points, row * dimension, dimension);
        }
        score.score(points, count, sigma, scores);
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < dimension; i++) {
                into[row * width + i] = factor * scores[row * dimension + i];
            }
        }
        // The scores are read: their array takes the products J v.
        for (int channel = 0; channel < channels; channel++) {
            Arrays.fill(traces, 0);
            if (probes.length == 0) {
                addAxes(sigma);
            } else {
                addForms(probes[channel], sigma);
            }
            for (int row = 0; row < count; row++) {
                into[row * width + dimension + channel] = factor * traces[row];
            }
        }
    }

    /** Adds v.J v of all axes to the traces: tr J of each row. */
    private void addAxes(double sigma) {
        for (int i = 0; i < dimension; i++) {
            for (int row = 0; row < count; row++) {
                axis[row * dimension + i] = 1;
            }
            addForms(axis, sigma);
            for (int row = 0; row < count; row++) {
                axis[row * dimension + i] = 0;
            }
        }
    }

    /** Adds v.J v of each row to the traces. */
    private void addForms(double[] directions, double sigma) {
        score.jvp(points, directions, count, sigma, scores);
        for (int i = 0; i < scores.length; i++) {
            traces[i / dimension] += directions[i] * scores[i];
        }
    }

    private double logPrior(double[] state, int at) {
        double largest = score.levels().largest();
        double variance = 1 + largest * largest;
        double square = 0;
        for (int i = at; i < at + dimension; i++) {
            square += state[i] * state[i];
        }
        return -0.5 * (square / variance + dimension * Math.log(2 * Math.PI * variance));
    }

    private double mean(double[] state, int at) {
        double sum = 0;
        for (int i = at; i < at + channels; i++) {
            sum += state[i];
        }
        return sum / channels;
    }

    private double standardError(double[] state, int at) {
        if (channels == 1) {
            return 0;
        }
        double mean = mean(state, at);
        double square = 0;
        for (int i = at; i < at + channels; i++) {
            square += (state[i] - mean) * (state[i] - mean);
        }
        return Math.sqrt(square / (channels - 1) / channels);
    }

    private double[][] probes(Divergence.Hutchinson hutchinson) {
        double[][] directions = new double[hutchinson.probes()][count * dimension];
        Philox philox = new Philox();
        float[] signs = new float[dimension];
        for (int probe = 0; probe < directions.length; probe++) {
            for (int row = 0; row < count; row++) {
                philox.signs(hutchinson.seed(), row, RandomStream.PROBES, probe, 0, signs, 0, dimension);
                for (int i = 0; i < dimension; i++) {
                    directions[probe][row * dimension + i] = signs[i];
                }
            }
        }
        return directions;
    }
}
