package io.github.slicedscore.internal.cpu;

/** A loss of s alone, on a score network: its output is s, and dL/ds is the seed. */
final class ScorePoint extends ObjectivePass {
    private final PointLoss loss;

    ScorePoint(Network network, PointLoss loss, int samples) {
        super(network, JetShape.VALUE, samples, 1);
        this.loss = loss;
    }

    @Override
    float[] direction(int sample, int k) {
        return loss.direction(sample, k);
    }

    @Override
    void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            loss.prepare(n, input(n));
        }
        super.forward(round, from, to, scratch, losses);
    }

    @Override
    double loss(int round, int sample) {
        return loss.evaluate(sample, input(sample), jets.output()[sample], jets.outputAdjoint()[sample]);
    }
}
