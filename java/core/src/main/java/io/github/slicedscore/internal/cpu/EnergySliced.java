package io.github.slicedscore.internal.cpu;

/**
 * SSM of an energy: streams f, f1_m = v_m.grad f and the collapsed f2 = sum_m v_m.H v_m.
 *
 * <pre>L = (sum_m q_m + sum_m p_m^2 / 2) / M        dL/df1_m = p_m / M        dL/df2 = 1 / M        dL/df = 0</pre>
 */
final class EnergySliced extends ObjectivePass {
    private final int slices;

    EnergySliced(Network network, int slices, int samples) {
        super(network, new JetShape(slices, slices), samples, 1);
        this.slices = slices;
    }

    @Override
    float[] direction(int sample, int k) {
        return jets.input[row(sample) + 1 + k];
    }

    @Override
    double loss(int round, int sample) {
        int row = row(sample);
        int last = row + 1 + slices;
        double sum = jets.output()[last][0];
        for (int m = 0; m < slices; m++) {
            double projected = jets.output()[row + 1 + m][0];
            sum += 0.5 * projected * projected;
            jets.outputAdjoint()[row + 1 + m][0] = (float) (projected / slices);
        }
        jets.outputAdjoint()[last][0] = 1f / slices;
        return sum / slices;
    }
}
