package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * Exact score matching of a score network: streams s and t_i = J e_i, for some i in each round.
 *
 * <pre>L = sum_i e_i.t_i + |s|^2 / 2        dL/dt_i = e_i        dL/ds = s, in the first round</pre>
 */
final class ScoreExact extends Exact {
    ScoreExact(Network network, int samples) {
        super(network, false, samples);
    }

    @Override
    double loss(int round, int sample) {
        int row = row(sample);
        float[] score = jets.output()[row];
        float[] seed = jets.outputAdjoint()[row];
        double loss = 0;
        if (round == 0) {
            System.arraycopy(score, 0, seed, 0, dimension);
            loss = 0.5 * dot(score, score);
        } else {
            Arrays.fill(seed, 0f);
        }
        for (int t = 0; t < tangents; t++) {
            float[] tangentSeed = jets.outputAdjoint()[row + 1 + t];
            Arrays.fill(tangentSeed, 0f);
            int i = index(round, t, dimension);
            if (i < dimension) {
                tangentSeed[i] = 1f;
                loss += jets.output()[row + 1 + t][i];
            }
        }
        return loss;
    }
}
