package io.github.slicedscore.internal.cpu;

import java.util.Arrays;

/** The unit vectors e_1 .. e_D as tangents, some in each round, so that memory does not grow with D squared. */
final class UnitTangents {
    /** Most tangents at a time: the value stream, which every round repeats, costs a sixteenth more. */
    private static final int MOST = 16;

    private final int dimension;
    /** Tangents a round, T. */
    final int count;

    UnitTangents(int dimension) {
        this.dimension = dimension;
        this.count = Math.min(MOST, dimension);
    }

    int rounds() {
        return (dimension + count - 1) / count;
    }

    /** Which unit vector a tangent is in a round: an index of x, or D or more for the tangents left over, which are zero. */
    int index(int round, int tangent) {
        return round * count + tangent;
    }

    /** Writes a round's tangents into the rows that follow a sample's value row. */
    void write(int round, float[][] input, int row) {
        for (int t = 0; t < count; t++) {
            float[] tangent = input[row + 1 + t];
            Arrays.fill(tangent, 0, dimension, 0f);
            if (index(round, t) < dimension) {
                tangent[index(round, t)] = 1f;
            }
        }
    }
}
