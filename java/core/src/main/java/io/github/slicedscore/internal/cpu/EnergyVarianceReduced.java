package io.github.slicedscore.internal.cpu;

/**
 * SSM-VR of an energy. A plain pass gives s. The gradient of |s|^2 / 2 in the parameters is that of u.grad f with u = s held
 * fixed, so one more first-order stream along u, which takes no part in the second-order one, brings it: streams f, f1_m, f1_u
 * and f2 = sum_m v_m.H v_m.
 *
 * <pre>L = w (mean_m q_m + |s|^2 / 2)        dL/df1_m = 0        dL/df1_u = w        dL/df2 = w / M        dL/df = 0</pre>
 *
 * <p>with w = 1, or sigma^2 where there are several levels.
 */
final class EnergyVarianceReduced extends ObjectivePass {
    private final int slices;
    private final Noise noise;
    private final EnergyScore scores;

    EnergyVarianceReduced(Network network, int slices, Noise noise, int samples) {
        super(network, new JetShape(slices + 1, slices), samples, 1);
        this.slices = slices;
        this.noise = noise;
        this.scores = new EnergyScore(network, samples);
    }

    @Override
    float[] direction(int sample, int k) {
        return k < slices ? jets.input[row(sample) + 1 + k] : noise.direction(sample);
    }

    private float[] score(int sample) {
        return jets.input[row(sample) + 1 + slices];
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            noise.add(n, input(n));
            System.arraycopy(input(n), 0, scores.input(n), 0, network.inputs);
        }
        scores.run(from, to, scratch);
        for (int n = from; n < to; n++) {
            System.arraycopy(scores.score(n), 0, score(n), 0, dimension);
        }
        super.forward(round, from, to, scratch, losses);
    }

    @Override
    double loss(int round, int sample) {
        int alongScore = row(sample) + 1 + slices;
        int last = alongScore + 1;
        float weight = (float) noise.weight(input(sample));
        float[] score = score(sample);
        jets.outputAdjoint()[alongScore][0] = weight;
        jets.outputAdjoint()[last][0] = weight / slices;
        return weight * (jets.output()[last][0] / slices + 0.5 * dot(score, score));
    }
}
