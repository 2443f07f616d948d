package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.KnownScore;
import java.util.Arrays;

/**
 * The Fisher divergence from a known score, whole or projected on slices. With d = s - s_true:
 *
 * <pre>
 * explicit   L = |d|^2 / 2                      dL/ds = d
 * sliced     L = mean_m (v_m.d)^2 / 2           dL/ds = sum_m (v_m.d) v_m / M
 * </pre>
 */
final class KnownTarget implements PointLoss {
    private final KnownScore truth;
    private final int dimension;
    private final int slices;
    private final float[][] directions;
    private final double[][] points;
    private final double[][] targets;

    /** With no slices, the explicit divergence. */
    KnownTarget(KnownScore truth, int dimension, int slices, int samples) {
        this.truth = truth;
        this.dimension = dimension;
        this.slices = slices;
        this.directions = new float[samples * slices][dimension];
        this.points = new double[samples][dimension];
        this.targets = new double[samples][dimension];
    }

    @Override
    public float[] direction(int sample, int k) {
        return directions[sample * slices + k];
    }

    @Override
    public double evaluate(int sample, float[] input, float[] score, float[] seed) {
        double[] difference = targets[sample];
        for (int i = 0; i < dimension; i++) {
            points[sample][i] = input[i];
        }
        truth.score(points[sample], difference);
        for (int i = 0; i < dimension; i++) {
            difference[i] = score[i] - difference[i];
        }
        return slices == 0 ? explicit(difference, seed) : sliced(sample, difference, seed);
    }

    private double explicit(double[] difference, float[] seed) {
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            seed[i] = (float) difference[i];
            square += difference[i] * difference[i];
        }
        return square / 2;
    }

    private double sliced(int sample, double[] difference, float[] seed) {
        Arrays.fill(seed, 0, dimension, 0f);
        double loss = 0;
        for (int m = 0; m < slices; m++) {
            float[] v = direction(sample, m);
            double projected = 0;
            for (int i = 0; i < dimension; i++) {
                projected += v[i] * difference[i];
            }
            loss += projected * projected / 2;
            for (int i = 0; i < dimension; i++) {
                seed[i] += (float) (projected * v[i] / slices);
            }
        }
        return loss / slices;
    }
}
