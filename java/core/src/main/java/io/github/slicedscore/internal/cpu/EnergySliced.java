package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.EnergyMlp;

/**
 * SSM of an energy: streams f, f1_m = v_m.grad net and the collapsed f2 = sum_m v_m.H v_m of the network, to which the
 * Gaussian base adds -v_m.x / s0^2 and -|v_m|^2 / s0^2.
 *
 * <pre>L = (sum_m q_m + sum_m p_m^2 / 2) / M        dL/df1_m = p_m / M        dL/df2 = 1 / M        dL/df = 0</pre>
 */
final class EnergySliced extends ObjectivePass {
    private final double basePrecision;

    EnergySliced(MlpBlock block, EnergyMlp architecture, int slices, int samples) {
        super(block, architecture, slices, new JetShape(slices, slices), samples);
        this.basePrecision = architecture.basePrecision();
    }

    @Override
    double loss(int sample) {
        int row = sample * jets.shape.streams();
        int last = row + jets.shape.streams() - 1;
        double sum = jets.output[last][0];
        for (int m = 0; m < slices; m++) {
            float[] v = slice(sample, m);
            double projected = jets.output[row + 1 + m][0] - basePrecision * dot(v, input(sample));
            sum += 0.5 * projected * projected - basePrecision * dot(v, v);
            jets.outputAdjoint[row + 1 + m][0] = (float) (projected / slices);
        }
        jets.outputAdjoint[last][0] = 1f / slices;
        return sum / slices;
    }
}
