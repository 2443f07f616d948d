package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * Exact score matching: the unit vectors e_1 .. e_D as tangents, some in each round, so that memory does not grow with D
 * squared.
 */
abstract class Exact extends ObjectivePass {
    /** Most tangents at a time: the value stream, which every round repeats, costs a sixteenth more. */
    private static final int MOST = 16;

    /** Tangents a round, T. */
    final int tangents;

    Exact(Network network, boolean curved, int samples) {
        super(network, shape(network.dimension, curved), samples, 1);
        tangents = jets.shape.tangents();
    }

    private static JetShape shape(int dimension, boolean curved) {
        int tangents = Math.min(MOST, dimension);
        return new JetShape(tangents, curved ? tangents : 0);
    }

    @Override
    final int rounds() {
        return (dimension + tangents - 1) / tangents;
    }

    /** Which unit vector a tangent is in a round: an index of x, or D or more for the tangents left over, which are zero. */
    final int index(int round, int tangent) {
        return round * tangents + tangent;
    }

    @Override
    final float[] direction(int sample, int k) {
        throw new IndexOutOfBoundsException("exact score matching has no random directions");
    }

    @Override
    final void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            for (int t = 0; t < tangents; t++) {
                float[] tangent = jets.input[row(n) + 1 + t];
                Arrays.fill(tangent, 0, dimension, 0f);
                if (index(round, t) < dimension) {
                    tangent[index(round, t)] = 1f;
                }
            }
        }
        super.forward(round, from, to, scratch, losses);
    }
}
