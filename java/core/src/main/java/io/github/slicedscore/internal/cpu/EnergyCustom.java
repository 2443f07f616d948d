package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.ProjectedJet;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * An objective of the caller's on an energy. A forward pass along each v_m and a reverse pass seeded at f1_m give H v_m, the
 * adjoint of x, and s, that of v_m. With u = dL/ds and w_m = dL/d(H v_m) held fixed, the gradient of the loss is that of
 *
 * <pre>u.grad f + sum_m w_m.H v_m,      w.H v = (a.H a - b.H b) / 4,   a = v + w,  b = v - w</pre>
 *
 * <p>so that the collapsed second-order stream brings it, along a in the first round and along b in the second. w and v are
 * brought to one length first, or the difference would cancel; the factors go into a and b.
 */
final class EnergyCustom extends ObjectivePass {
    private final CustomObjective.Loss loss;
    private final int slices;
    private final NetworkBuffers products;
    private final float[][] minus;
    private final ConcurrentLinkedDeque<ProjectedJet> idle = new ConcurrentLinkedDeque<>();

    EnergyCustom(Network network, CustomObjective.Loss loss, int slices, int samples) {
        super(network, new JetShape(slices + 1, slices), samples, 1);
        this.loss = loss;
        this.slices = slices;
        this.products = network.buffers(new JetShape(1, 0), Math.multiplyExact(samples, slices), Reverse.INPUT);
        this.minus = new float[samples * slices][network.dimension];
    }

    @Override
    int rounds() {
        return 2;
    }

    @Override
    int lossRounds() {
        return 1;
    }

    @Override
    float[] direction(int sample, int k) {
        return products.input[2 * (sample * slices + k) + 1];
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        if (round == 0) {
            differentiate(from, to, scratch);
            for (int n = from; n < to; n++) {
                losses[n] = evaluate(n);
            }
        } else {
            for (int n = from; n < to; n++) {
                for (int m = 0; m < slices; m++) {
                    System.arraycopy(minus[n * slices + m], 0, jets.input[row(n) + 1 + m], 0, dimension);
                }
            }
        }
        network.forward(jets, from, to, scratch);
        for (int n = from; n < to; n++) {
            for (int stream = 0; stream < jets.shape.streams(); stream++) {
                jets.outputAdjoint()[row(n) + stream][0] = 0f;
            }
            jets.outputAdjoint()[row(n) + 1 + slices][0] = round == 0 ? 1f : 0f;
            jets.outputAdjoint()[row(n) + 2 + slices][0] = round == 0 ? 1f : -1f;
        }
    }

    /** s and H v_m, as adjoints of {@link #products}. */
    private void differentiate(int from, int to, Scratch scratch) {
        for (int n = from; n < to; n++) {
            for (int m = 0; m < slices; m++) {
                System.arraycopy(input(n), 0, products.input[2 * (n * slices + m)], 0, network.inputs);
            }
        }
        // One slice of all samples at a time would take more rows than the scratch has.
        for (int j = from * slices; j < to * slices; j++) {
            network.forward(products, j, j + 1, scratch);
            products.outputAdjoint()[2 * j][0] = 0f;
            products.outputAdjoint()[2 * j + 1][0] = 1f;
            network.reverse(products, j, j + 1, scratch);
        }
    }

    private double evaluate(int sample) {
        ProjectedJet jet = idle.pollFirst();
        if (jet == null) {
            jet = new ProjectedJet(network.inputs, dimension, slices);
        }
        int first = 2 * sample * slices;
        System.arraycopy(input(sample), 0, jet.input, 0, network.inputs);
        System.arraycopy(products.inputAdjoint[first + 1], 0, jet.score, 0, dimension);
        for (int m = 0; m < slices; m++) {
            System.arraycopy(direction(sample, m), 0, jet.slices[m], 0, dimension);
            System.arraycopy(products.inputAdjoint[first + 2 * m], 0, jet.products[m], 0, dimension);
        }
        jet.project();
        double value = loss.evaluate(jet);
        jet.collect();
        for (int m = 0; m < slices; m++) {
            polarize(jet.slices[m], jet.productSeeds[m], jets.input[row(sample) + 1 + m], minus[sample * slices + m]);
        }
        System.arraycopy(jet.scoreSeed, 0, jets.input[row(sample) + 1 + slices], 0, dimension);
        idle.addFirst(jet);
        return value;
    }

    private void polarize(float[] v, float[] w, float[] a, float[] b) {
        double ratio = Math.sqrt(dot(w, w) / dot(v, v));
        // What is not finite goes on, to be found in the gradient.
        if (ratio == 0) {
            Arrays.fill(a, 0, dimension, 0f);
            Arrays.fill(b, 0, dimension, 0f);
            return;
        }
        double factor = 0.5 * Math.sqrt(ratio);
        for (int i = 0; i < dimension; i++) {
            a[i] = (float) (factor * (v[i] + w[i] / ratio));
            b[i] = (float) (factor * (v[i] - w[i] / ratio));
        }
    }

    @Override
    double loss(int round, int sample) {
        throw new IllegalStateException("the loss follows from the products");
    }
}
