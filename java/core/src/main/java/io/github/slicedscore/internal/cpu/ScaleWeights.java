package io.github.slicedscore.internal.cpu;

import java.util.List;

/** The logarithms t of a diagonal scaling, in one piece. */
final class ScaleWeights extends Weights {
    /** The most numbers that kernels take at once: pieces are a multiple of it long. */
    private static final int MULTIPLE = 32;

    /** exp(t). */
    final float[] factors;

    private final float[][] pieces;
    private final List<Chunk> chunks = List.of(new Chunk(0, 0, 1));

    ScaleWeights(int dimension) {
        factors = new float[dimension];
        pieces = new float[1][(dimension + MULTIPLE - 1) / MULTIPLE * MULTIPLE];
    }

    /** t, and zeros behind it. */
    float[] logarithms() {
        return pieces[0];
    }

    @Override
    float[][] pieces() {
        return pieces;
    }

    @Override
    List<Chunk> chunks() {
        return chunks;
    }

    @Override
    void refresh(Chunk chunk) {
        for (int i = 0; i < factors.length; i++) {
            // The same on every JVM.
            factors[i] = (float) StrictMath.exp(pieces[0][i]);
        }
    }

    @Override
    int size() {
        return factors.length;
    }

    @Override
    void unflatten(float[] flat, int offset, float[][] into) {
        System.arraycopy(flat, offset, into[0], 0, factors.length);
    }

    @Override
    void flatten(float[][] from, float[] flat, int offset) {
        System.arraycopy(from[0], 0, flat, offset, factors.length);
    }
}
