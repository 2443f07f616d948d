package io.github.slicedscore.internal.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A perceptron's parameters in the layout of its kernels: pieces, each an array of numbers of one layer. Gradients, moments and
 * averages have pieces of the same lengths, so whatever goes over parameters number by number knows nothing of the layout.
 * Numbers that pad a piece are zero in all of these, and stay so.
 */
abstract sealed class MlpWeights permits PlainWeights, PanelWeights {
    /**
     * Pieces from .. to-1, all of one layer: the unit of work wherever parameters are run over.
     *
     * @param layer whose they are
     * @param from first piece
     * @param to one past the last piece
     */
    record Chunk(int layer, int from, int to) {}

    final MlpShape shape;

    /** Number of the first piece of each layer, and how many there are. */
    final int[] firstPiece;

    private final float[][] pieces;
    private final List<Chunk> chunks;

    /**
     * Pieces of zeros.
     *
     * @param shape of the perceptron
     * @param count how many pieces a layer has
     * @param length how many numbers a piece of a layer has
     * @param most how many pieces of a layer a chunk has, or fewer at its end
     * @param order which chunks stand first
     */
    MlpWeights(MlpShape shape, IntUnaryOperator count, IntUnaryOperator length, int most, Comparator<Chunk> order) {
        this.shape = shape;
        firstPiece = new int[shape.layers() + 1];
        List<float[]> all = new ArrayList<>();
        List<Chunk> unordered = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            int end = firstPiece[layer] + count.applyAsInt(layer);
            firstPiece[layer + 1] = end;
            for (int piece = firstPiece[layer]; piece < end; piece++) {
                all.add(new float[length.applyAsInt(layer)]);
            }
            for (int from = firstPiece[layer]; from < end; from += most) {
                unordered.add(new Chunk(layer, from, Math.min(from + most, end)));
            }
        }
        pieces = all.toArray(new float[0][]);
        unordered.sort(order);
        chunks = List.copyOf(unordered);
    }

    /** The parameters; after writing to them call {@link #refresh}. */
    final float[][] pieces() {
        return pieces;
    }

    /** All pieces in chunks. */
    final List<Chunk> chunks() {
        return chunks;
    }

    /** Renews what the kernels derive from a chunk's parameters. */
    abstract void refresh(Chunk chunk);

    /** Piece of the weight from an input to an output; the input behind the last one stands for the bias. */
    abstract int piece(int layer, int input, int output);

    /** Place of that weight in its piece. */
    abstract int index(int layer, int input, int output);

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

    /** Number of parameters. */
    final int size() {
        int size = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            size += (shape.widths[layer] + 1) * shape.widths[layer + 1];
        }
        return size;
    }

    /** Takes parameters in the public order. */
    final void load(float[] flat) {
        unflatten(flat, pieces());
        chunks().forEach(this::refresh);
    }

    /** From the public order, W row by row and then the bias, into pieces. */
    final void unflatten(float[] flat, float[][] into) {
        for (float[] piece : into) {
            Arrays.fill(piece, 0f);
        }
        int next = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int in = shape.widths[layer];
            for (int o = 0; o < shape.widths[layer + 1]; o++) {
                for (int k = 0; k < in; k++) {
                    into[piece(layer, k, o)][index(layer, k, o)] = flat[next++];
                }
            }
            for (int o = 0; o < shape.widths[layer + 1]; o++) {
                into[piece(layer, in, o)][index(layer, in, o)] = flat[next++];
            }
        }
    }

    /** Pieces in the public order. */
    final float[] flatten(float[][] from) {
        float[] flat = new float[size()];
        int next = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int in = shape.widths[layer];
            for (int o = 0; o < shape.widths[layer + 1]; o++) {
                for (int k = 0; k < in; k++) {
                    flat[next++] = from[piece(layer, k, o)][index(layer, k, o)];
                }
            }
            for (int o = 0; o < shape.widths[layer + 1]; o++) {
                flat[next++] = from[piece(layer, in, o)][index(layer, in, o)];
            }
        }
        return flat;
    }
}
