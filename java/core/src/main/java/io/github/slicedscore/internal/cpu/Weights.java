package io.github.slicedscore.internal.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * A network's parameters in the layout of its kernels: pieces, each an array of numbers of one layer. Gradients, moments and
 * averages have pieces of the same lengths, so whatever goes over parameters number by number knows nothing of the layout.
 * Numbers that pad a piece are zero in all of these, and stay so.
 */
abstract class Weights {
    /**
     * Pieces from .. to-1, all of one layer: the unit of work wherever parameters are run over.
     *
     * @param layer whose they are
     * @param from first piece
     * @param to one past the last piece
     */
    record Chunk(int layer, int from, int to) {}

    /** The parameters; after writing to them call {@link #refresh}. */
    abstract float[][] pieces();

    /** All pieces in chunks. */
    abstract List<Chunk> chunks();

    /** Renews what the kernels derive from a chunk's parameters. */
    abstract void refresh(Chunk chunk);

    /** Renews what follows from parameters of several chunks; after {@link #refresh} of all of them. By one thread. */
    void renew() {}

    /**
     * Brings the gradient of what {@link #renew} makes on to the parameters that it is made of. Linear in the gradient, so that
     * once for a sum of several is enough. By one thread.
     *
     * @param gradient a gradient sum as pieces, changed in place
     */
    void complete(float[][] gradient) {}

    /** Number of parameters. */
    abstract int size();

    /**
     * From the public order into pieces.
     *
     * @param flat holds the parameters
     * @param offset index of the first of them
     * @param into pieces, all zero where they are padded
     */
    abstract void unflatten(float[] flat, int offset, float[][] into);

    /**
     * From pieces to the public order.
     *
     * @param from pieces
     * @param flat where the parameters go
     * @param offset index of the first of them
     */
    abstract void flatten(float[][] from, float[] flat, int offset);

    /** Pieces of the same lengths, zero. */
    final float[][] newPieces() {
        float[][] pieces = pieces();
        float[][] zero = new float[pieces.length][];
        for (int i = 0; i < pieces.length; i++) {
            zero[i] = new float[pieces[i].length];
        }
        return zero;
    }

    /** Adds a piece to one of the same length or longer. */
    static void add(float[] piece, float[] to) {
        for (int i = 0; i < piece.length; i++) {
            to[i] += piece[i];
        }
    }

    /** Takes parameters in the public order. */
    final void load(float[] flat) {
        unflatten(flat, pieces());
        chunks().forEach(this::refresh);
        renew();
    }

    /** From the public order into pieces. */
    final void unflatten(float[] flat, float[][] into) {
        for (float[] piece : into) {
            Arrays.fill(piece, 0f);
        }
        unflatten(flat, 0, into);
    }

    /** Pieces in the public order. */
    final float[] flatten(float[][] from) {
        float[] flat = new float[size()];
        flatten(from, flat, 0);
        return flat;
    }
}
