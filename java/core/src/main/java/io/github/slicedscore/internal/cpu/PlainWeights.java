package io.github.slicedscore.internal.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parameters as rows. Per layer there are in + 1 rows of out numbers: W transposed, then the bias. A second copy of W as it
 * stands serves the passes that run over its other side.
 */
final class PlainWeights extends MlpWeights {
    /** Rows a chunk. */
    private static final int CHUNK_ROWS = 16;

    /** rows[layer][k] for k below in: column k of W; rows[layer][in]: the bias. */
    final float[][][] rows;
    /** transposed[layer][o]: row o of W. */
    final float[][][] transposed;
    /** Number of the first row of each layer among all pieces. */
    final int[] firstRow;

    private final float[][] pieces;
    private final List<Chunk> chunks;

    PlainWeights(MlpShape shape) {
        super(shape);
        int layers = shape.layers();
        firstRow = new int[layers + 1];
        for (int layer = 0; layer < layers; layer++) {
            firstRow[layer + 1] = firstRow[layer] + shape.widths[layer] + 1;
        }
        pieces = new float[firstRow[layers]][];
        rows = new float[layers][][];
        transposed = new float[layers][][];
        List<Chunk> all = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            int end = firstRow[layer + 1];
            for (int piece = firstRow[layer]; piece < end; piece++) {
                pieces[piece] = new float[shape.widths[layer + 1]];
            }
            rows[layer] = Arrays.copyOfRange(pieces, firstRow[layer], end);
            transposed[layer] = new float[shape.widths[layer + 1]][shape.widths[layer]];
            for (int from = firstRow[layer]; from < end; from += CHUNK_ROWS) {
                all.add(new Chunk(layer, from, Math.min(from + CHUNK_ROWS, end)));
            }
        }
        chunks = List.copyOf(all);
    }

    float[] bias(int layer) {
        return rows[layer][shape.widths[layer]];
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
    int piece(int layer, int input, int output) {
        return firstRow[layer] + input;
    }

    @Override
    int index(int layer, int input, int output) {
        return output;
    }

    @Override
    void refresh(Chunk chunk) {
        int layer = chunk.layer();
        int from = chunk.from() - firstRow[layer];
        int to = Math.min(chunk.to() - firstRow[layer], shape.widths[layer]);
        float[][] source = rows[layer];
        float[][] target = transposed[layer];
        for (int o = 0; o < target.length; o++) {
            float[] row = target[o];
            for (int k = from; k < to; k++) {
                row[k] = source[k][o];
            }
        }
    }
}
