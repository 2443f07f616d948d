package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.EnergyMlp;

/**
 * SSM-VR of an energy. A plain forward and reverse pass gives s = grad f, base included. The gradient of |s|^2 / 2 in the
 * parameters is that of u.grad net with u = s held fixed, so one more first-order stream along u, which takes no part in
 * the second-order one, brings it: streams f, f1_m, f1_u and f2 = sum_m v_m.H v_m.
 *
 * <pre>L = mean_m q_m + |s|^2 / 2        dL/df1_m = 0        dL/df1_u = 1        dL/df2 = 1 / M        dL/df = 0</pre>
 */
final class EnergyVarianceReduced extends ObjectivePass {
    private final double basePrecision;
    private final JetBuffers plain;

    EnergyVarianceReduced(MlpBlock block, EnergyMlp architecture, int slices, int samples) {
        super(block, architecture, slices, new JetShape(slices + 1, slices), samples);
        this.basePrecision = architecture.basePrecision();
        this.plain = new JetBuffers(JetShape.VALUE, block.weights.widths, samples, true);
    }

    @Override
    void forward(int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            System.arraycopy(input(n), 0, plain.input[n], 0, plain.input[n].length);
            plain.outputAdjoint[n][0] = 1f;
        }
        block.forward(plain, from, to, false, scratch);
        block.reverse(plain, from, to, scratch);
        for (int n = from; n < to; n++) {
            float[] x = input(n);
            float[] gradient = plain.inputAdjoint[n];
            float[] score = slice(n, slices);
            for (int i = 0; i < dimension; i++) {
                score[i] = (float) (gradient[i] - basePrecision * x[i]);
            }
        }
        super.forward(from, to, scratch, losses);
    }

    @Override
    double loss(int sample) {
        int row = sample * jets.shape.streams();
        int last = row + jets.shape.streams() - 1;
        float[] score = slice(sample, slices);
        double sum = jets.output[last][0];
        for (int m = 0; m < slices; m++) {
            float[] v = slice(sample, m);
            sum -= basePrecision * dot(v, v);
        }
        jets.outputAdjoint[row + 1 + slices][0] = 1f;
        jets.outputAdjoint[last][0] = 1f / slices;
        return sum / slices + 0.5 * dot(score, score);
    }
}
