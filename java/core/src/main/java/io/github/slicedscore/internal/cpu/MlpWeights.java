package io.github.slicedscore.internal.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A perceptron's parameters. In the public order a layer's W stands row by row, then its bias. */
abstract sealed class MlpWeights extends Weights permits PlainWeights, PanelWeights {
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

    @Override
    final float[][] pieces() {
        return pieces;
    }

    @Override
    final List<Chunk> chunks() {
        return chunks;
    }

    /** Piece of the weight from an input to an output; the input behind the last one stands for the bias. */
    abstract int piece(int layer, int input, int output);

    /** Place of that weight in its piece. */
    abstract int index(int layer, int input, int output);

    @Override
    final int size() {
        int size = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            size += (shape.widths[layer] + 1) * shape.widths[layer + 1];
        }
        return size;
    }

    @Override
    final void unflatten(float[] flat, int offset, float[][] into) {
        int next = offset;
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

    @Override
    final void flatten(float[][] from, float[] flat, int offset) {
        int next = offset;
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
    }
}
