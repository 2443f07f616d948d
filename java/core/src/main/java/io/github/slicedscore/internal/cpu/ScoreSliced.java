package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Architecture;
import java.util.Arrays;

/**
 * SSM and SSM-VR of a score network: streams s and t_m = J v_m, q_m = v_m.t_m, p_m = v_m.s.
 *
 * <pre>
 * SSM      L = mean_m (q_m + p_m^2 / 2)       dL/dt_m = v_m / M      dL/ds = sum_m p_m v_m / M
 * SSM-VR   L = mean_m q_m + |s|^2 / 2         dL/dt_m = v_m / M      dL/ds = s
 * </pre>
 */
final class ScoreSliced extends ObjectivePass {
    private final boolean varianceReduced;

    ScoreSliced(MlpBlock block, Architecture architecture, int slices, boolean varianceReduced, int samples) {
        super(block, architecture, slices, new JetShape(slices, 0), samples);
        this.varianceReduced = varianceReduced;
    }

    @Override
    double loss(int sample) {
        int row = sample * jets.shape.streams();
        float[] score = jets.output[row];
        float[] seed = jets.outputAdjoint[row];
        double square = 0;
        double quadratic = 0;
        if (varianceReduced) {
            square = dot(score, score);
            System.arraycopy(score, 0, seed, 0, dimension);
        } else {
            Arrays.fill(seed, 0f);
        }
        for (int m = 0; m < slices; m++) {
            float[] v = slice(sample, m);
            float[] tangentSeed = jets.outputAdjoint[row + 1 + m];
            quadratic += dot(v, jets.output[row + 1 + m]);
            double projected = varianceReduced ? 0 : dot(v, score);
            square += projected * projected / slices;
            for (int i = 0; i < dimension; i++) {
                tangentSeed[i] = v[i] / slices;
                if (!varianceReduced) {
                    seed[i] += (float) (projected * v[i] / slices);
                }
            }
        }
        return quadratic / slices + 0.5 * square;
    }
}
