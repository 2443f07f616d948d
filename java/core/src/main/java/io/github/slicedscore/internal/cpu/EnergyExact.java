package io.github.slicedscore.internal.cpu;

/**
 * Exact score matching of an energy, the forward Laplacian: streams f, f1_i = e_i.grad f = s_i and the collapsed
 * f2 = sum_i e_i.H e_i, for some i in each round. The loss is a sum over i, so rounds do not meet.
 *
 * <pre>L = sum_i (e_i.H e_i + s_i^2 / 2)        dL/df1_i = s_i        dL/df2 = 1        dL/df = 0</pre>
 */
final class EnergyExact extends ObjectivePass {
    private final UnitTangents tangents;

    EnergyExact(Network network, int samples) {
        this(network, new UnitTangents(network.dimension), samples);
    }

    private EnergyExact(Network network, UnitTangents tangents, int samples) {
        super(network, new JetShape(tangents.count, tangents.count), samples, 1);
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
        int last = row + 1 + tangents.count;
        double loss = jets.output()[last][0];
        for (int t = 0; t < tangents.count; t++) {
            float component = jets.output()[row + 1 + t][0];
            loss += 0.5 * component * component;
            jets.outputAdjoint()[row + 1 + t][0] = component;
        }
        jets.outputAdjoint()[last][0] = 1f;
        return loss;
    }
}
