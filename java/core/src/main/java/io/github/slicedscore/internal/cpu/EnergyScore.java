package io.github.slicedscore.internal.cpu;

/** The score of an energy by a plain forward and reverse pass: s = grad f, base included. */
final class EnergyScore {
    private final Network network;
    private final NetworkBuffers plain;

    EnergyScore(Network network, int samples) {
        this.network = network;
        this.plain = network.buffers(JetShape.VALUE, samples, Reverse.INPUT);
    }

    /** Where the row [x, c] of a sample goes. */
    float[] input(int sample) {
        return plain.input[sample];
    }

    /** s of a sample in the first D numbers, after {@link #run}. */
    float[] score(int sample) {
        return plain.inputAdjoint[sample];
    }

    /** f of a sample, after {@link #run}. */
    float value(int sample) {
        return plain.output()[sample][0];
    }

    /** Runs samples from .. to-1. */
    void run(int from, int to, Scratch scratch) {
        network.forward(plain, from, to, scratch);
        for (int n = from; n < to; n++) {
            plain.outputAdjoint()[n][0] = 1f;
        }
        network.reverse(plain, from, to, scratch);
    }
}
