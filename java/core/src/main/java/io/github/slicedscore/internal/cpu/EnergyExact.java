package io.github.slicedscore.internal.cpu;

/**
 * Exact score matching of an energy, the forward Laplacian: streams f, f1_i = e_i.grad f = s_i and the collapsed
 * f2 = sum_i e_i.H e_i, for some i in each round. The loss is a sum over i, so rounds do not meet.
 *
 * <pre>L = sum_i (e_i.H e_i + s_i^2 / 2)        dL/df1_i = s_i        dL/df2 = 1        dL/df = 0</pre>
 */
final class EnergyExact extends Exact {
    EnergyExact(Network network, int samples) {
        super(network, true, samples);
    }

    @Override
    double loss(int round, int sample) {
        int row = row(sample);
        int last = row + 1 + tangents;
        double loss = jets.output()[last][0];
        for (int t = 0; t < tangents; t++) {
            float component = jets.output()[row + 1 + t][0];
            loss += 0.5 * component * component;
            jets.outputAdjoint()[row + 1 + t][0] = component;
        }
        jets.outputAdjoint()[last][0] = 1f;
        return loss;
    }
}
