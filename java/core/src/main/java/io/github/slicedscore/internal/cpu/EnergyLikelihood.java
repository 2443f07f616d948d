package io.github.slicedscore.internal.cpu;

/**
 * Maximum likelihood of a normalised density: the value stream alone.
 *
 * <pre>L = -f        dL/df = -1</pre>
 */
final class EnergyLikelihood extends ObjectivePass {
    EnergyLikelihood(Network network, int samples) {
        super(network, JetShape.VALUE, samples, 1);
    }

    @Override
    float[] direction(int sample, int k) {
        throw new IndexOutOfBoundsException("maximum likelihood has no random directions");
    }

    @Override
    double loss(int round, int sample) {
        int row = row(sample);
        jets.outputAdjoint()[row][0] = -1f;
        return -jets.output()[row][0];
    }
}
