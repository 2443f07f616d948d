package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/**
 * Exact score matching: the unit vectors e_1 .. e_D as tangents, some in each round, so that memory does not grow with D
 * squared.
 */
abstract class Exact extends ObjectivePass {
    /** Most tangents at a time: the value stream, which every round repeats, costs a sixteenth more. */
    static final int MOST = 16;

    /** Tangents a round, T. */
    final int tangents;

    Exact(Network network, boolean curved, int samples) {
        super(network, shape(network.dimension, curved), samples, 1);
        tangents = jets.shape.tangents();
    }

    /** The streams of a round. */
    static JetShape shape(int dimension, boolean curved) {
        int tangents = tangents(dimension);
        return new JetShape(tangents, curved ? tangents : 0);
    }

    private static int tangents(int dimension) {
        return Math.min(MOST, dimension);
    }

    /** How many rounds there are. */
    static int rounds(int dimension) {
        return (dimension + tangents(dimension) - 1) / tangents(dimension);
    }

    /** Which unit vector a tangent is in a round: an index of x, or D or more for the tangents left over, which are zero. */
    static int index(int round, int tangent, int dimension) {
        return round * tangents(dimension) + tangent;
    }

    /** Makes the tangents of the sample at a row those of a round. */
    static void fill(NetworkBuffers jets, int row, int round, int dimension) {
        for (int t = 0; t < jets.shape.tangents(); t++) {
            float[] tangent = jets.input[row + 1 + t];
            Arrays.fill(tangent, 0, dimension, 0f);
            if (index(round, t, dimension) < dimension) {
                tangent[index(round, t, dimension)] = 1f;
            }
        }
    }

    @Override
    final int rounds() {
        return rounds(dimension);
    }

    @Override
    final float[] direction(int sample, int k) {
        throw new IndexOutOfBoundsException("exact score matching has no random directions");
    }

    @Override
    final void forward(int round, int from, int to, Scratch scratch, double[] losses) {
        for (int n = from; n < to; n++) {
            fill(jets, row(n), round, dimension);
        }
        super.forward(round, from, to, scratch, losses);
    }
}
