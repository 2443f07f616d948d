package io.github.slicedscore.internal.cpu;

/** FD-SSM: plain evaluations at x + eps v_m and x - eps v_m for every slice, and for energies at x. */
abstract class Differences extends ObjectivePass {
    final int slices;
    final double epsilon;

    private final int jetsPerSample;
    private final float[][] inputs;
    private final float[][] directions;

    Differences(Network network, int slices, double epsilon, int samples, int jetsPerSample) {
        super(network, JetShape.VALUE, samples, jetsPerSample);
        this.slices = slices;
        this.epsilon = epsilon;
        this.jetsPerSample = jetsPerSample;
        this.inputs = new float[samples][network.inputs];
        this.directions = new float[samples * slices][network.dimension];
    }

    @Override
    final float[] input(int sample) {
        return inputs[sample];
    }

    @Override
    final float[] direction(int sample, int k) {
        return directions[sample * slices + k];
    }

    /** Row of the evaluation at x + eps v_m; that at x - eps v_m follows, and behind all slices' that at x, if any. */
    final int plus(int sample, int m) {
        return row(sample) + 2 * m;
    }

    @Override
    final void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            float[] x = inputs[n];
            for (int j = 0; j < jetsPerSample; j++) {
                System.arraycopy(x, 0, jets.input[row(n) + j], 0, x.length);
            }
            for (int m = 0; m < slices; m++) {
                float[] v = direction(n, m);
                for (int i = 0; i < dimension; i++) {
                    jets.input[plus(n, m)][i] = (float) (x[i] + epsilon * v[i]);
                    jets.input[plus(n, m) + 1][i] = (float) (x[i] - epsilon * v[i]);
                }
            }
        }
        super.forward(round, from, to, scratch, losses);
    }
}
