package io.github.slicedscore.internal.cpu;

import java.util.List;

/** Parameters in one piece, in the public order. */
class VectorWeights extends Weights {
    /** The most numbers that kernels take at once: pieces are a multiple of it long. */
    private static final int MULTIPLE = 32;

    private final int size;
    private final float[][] pieces;
    private final List<Chunk> chunks = List.of(new Chunk(0, 0, 1));

    VectorWeights(int size) {
        this.size = size;
        pieces = new float[1][Math.multiplyExact(BatchGradient.parts(size, MULTIPLE), MULTIPLE)];
    }

    /** The parameters, and zeros behind them. */
    final float[] values() {
        return pieces[0];
    }

    @Override
    final float[][] pieces() {
        return pieces;
    }

    @Override
    final List<Chunk> chunks() {
        return chunks;
    }

    @Override
    void refresh(Chunk chunk) {}

    @Override
    final int size() {
        return size;
    }

    @Override
    final void unflatten(float[] flat, int offset, float[][] into) {
        System.arraycopy(flat, offset, into[0], 0, size);
    }

    @Override
    final void flatten(float[][] from, float[] flat, int offset) {
        System.arraycopy(from[0], 0, flat, offset, size);
    }
}
