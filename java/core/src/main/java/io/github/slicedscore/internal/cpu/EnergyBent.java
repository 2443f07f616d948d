package io.github.slicedscore.internal.cpu;

/**
 * SSM-VR of an energy whose network takes a second-order input. Along a curve x + t v + t^2 u / 2 the second derivative of f is
 * v.H v + u.grad f. So with u = s, from a plain pass, held fixed, the one second-order stream brings the gradients of both terms,
 * and there is one stream less than in {@link EnergyVarianceReduced}: f, f1_m and f2 = sum_m v_m.H v_m + M s.grad f.
 *
 * <pre>L = mean_m q_m + |s|^2 / 2 = f2 / M - |s|^2 / 2        dL/df1_m = 0        dL/df2 = 1 / M        dL/df = 0</pre>
 */
final class EnergyBent extends ObjectivePass {
    private final int slices;
    private final EnergyScore scores;

    EnergyBent(Network network, int slices, int samples) {
        super(network, new JetShape(slices, slices), samples, 1);
        this.slices = slices;
        this.scores = new EnergyScore(network, samples);
    }

    @Override
    float[] direction(int sample, int k) {
        return jets.input[row(sample) + 1 + k];
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            System.arraycopy(input(n), 0, scores.input(n), 0, network.inputs);
        }
        scores.run(from, to, scratch);
        for (int n = from; n < to; n++) {
            float[] score = scores.score(n);
            float[] bend = jets.input[row(n) + 1 + slices];
            for (int i = 0; i < dimension; i++) {
                bend[i] = slices * score[i];
            }
        }
        super.forward(round, from, to, scratch, losses);
    }

    @Override
    double loss(int round, int sample) {
        int last = row(sample) + 1 + slices;
        float[] score = scores.score(sample);
        jets.outputAdjoint()[last][0] = 1f / slices;
        return jets.output()[last][0] / slices - 0.5 * dot(score, score);
    }
}
