package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * SSM and SSM-VR of a score network: streams s and t_m = J v_m, q_m = v_m.t_m, p_m = v_m.s.
 *
 * <pre>
 * SSM      L = mean_m (q_m + p_m^2 / 2)           dL/dt_m = v_m / M          dL/ds = sum_m p_m v_m / M
 * SSM-VR   L = w (mean_m q_m + |s|^2 / 2)         dL/dt_m = w v_m / M        dL/ds = w s
 * </pre>
 *
 * <p>with w = 1, or sigma^2 where there are several levels.
 */
final class ScoreSliced extends ObjectivePass {
    private final int slices;
    private final boolean varianceReduced;
    private final Noise noise;

    ScoreSliced(Network network, int slices, boolean varianceReduced, Noise noise, int samples) {
        super(network, new JetShape(slices, 0), samples, 1);
        this.slices = slices;
        this.varianceReduced = varianceReduced;
        this.noise = noise;
    }

    @Override
    float[] direction(int sample, int k) {
        return k < slices ? jets.input[row(sample) + 1 + k] : noise.direction(sample);
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            noise.add(n, input(n));
        }
        super.forward(round, from, to, scratch, losses);
    }

    @Override
    double loss(int round, int sample) {
        int row = row(sample);
        float[] score = jets.output()[row];
        float[] seed = jets.outputAdjoint()[row];
        float weight = (float) noise.weight(input(sample));
        double square = 0;
        double quadratic = 0;
        if (varianceReduced) {
            square = dot(score, score);
            for (int i = 0; i < dimension; i++) {
                seed[i] = weight * score[i];
            }
        } else {
            Arrays.fill(seed, 0f);
        }
        for (int m = 0; m < slices; m++) {
            float[] v = direction(sample, m);
            float[] tangentSeed = jets.outputAdjoint()[row + 1 + m];
            quadratic += dot(v, jets.output()[row + 1 + m]);
            double projected = varianceReduced ? 0 : dot(v, score);
            square += projected * projected / slices;
            for (int i = 0; i < dimension; i++) {
                tangentSeed[i] = weight * v[i] / slices;
                if (!varianceReduced) {
                    seed[i] += (float) (projected * v[i] / slices);
                }
            }
        }
        return weight * (quadratic / slices + 0.5 * square);
    }
}
