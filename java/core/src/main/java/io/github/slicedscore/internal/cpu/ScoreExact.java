package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * Exact score matching of a score network: streams s and t_i = J e_i, for some i in each round.
 *
 * <pre>L = sum_i e_i.t_i + |s|^2 / 2        dL/dt_i = e_i        dL/ds = s, in the first round</pre>
 */
final class ScoreExact extends ObjectivePass {
    private final UnitTangents tangents;

    ScoreExact(Network network, int samples) {
        this(network, new UnitTangents(network.dimension), samples);
    }

    private ScoreExact(Network network, UnitTangents tangents, int samples) {
        super(network, new JetShape(tangents.count, 0), samples, 1);
        this.tangents = tangents;
    }

    @Override
    int rounds() {
        return tangents.rounds();
    }

    @Override
    float[] direction(int sample, int k) {
        throw new IndexOutOfBoundsException("exact score matching has no random directions");
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            tangents.write(round, jets.input, row(n));
        }
        super.forward(round, from, to, scratch, losses);
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
        for (int t = 0; t < tangents.count; t++) {
            float[] tangentSeed = jets.outputAdjoint()[row + 1 + t];
            Arrays.fill(tangentSeed, 0f);
            int i = tangents.index(round, t);
            if (i < dimension) {
                tangentSeed[i] = 1f;
                loss += jets.output()[row + 1 + t][i];
            }
        }
        return loss;
    }
}
