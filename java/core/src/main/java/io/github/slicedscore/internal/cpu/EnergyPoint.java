package io.github.slicedscore.internal.cpu;

/**
 * A loss of s alone, on an energy. A plain pass gives s; with u = dL/ds held fixed, the gradient of the loss is that of u.grad f,
 * so a first-order stream along u, seeded with one, brings it.
 */
final class EnergyPoint extends ObjectivePass {
    private final PointLoss loss;
    private final EnergyScore scores;

    EnergyPoint(Network network, PointLoss loss, int samples) {
        super(network, new JetShape(1, 0), samples, 1);
        this.loss = loss;
        this.scores = new EnergyScore(network, samples);
    }

    @Override
    float[] direction(int sample, int k) {
        return loss.direction(sample, k);
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            loss.prepare(n, input(n));
            System.arraycopy(input(n), 0, scores.input(n), 0, network.inputs);
        }
        scores.run(from, to, scratch);
        for (int n = from; n < to; n++) {
            losses[n] = loss.evaluate(n, input(n), scores.score(n), jets.input[row(n) + 1]);
            jets.outputAdjoint()[row(n)][0] = 0f;
            jets.outputAdjoint()[row(n) + 1][0] = 1f;
        }
        network.forward(jets, from, to, scratch);
    }

    @Override
    double loss(int round, int sample) {
        throw new IllegalStateException("the loss follows from the plain pass");
    }
}
