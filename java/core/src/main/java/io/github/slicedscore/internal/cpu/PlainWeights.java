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

    PlainWeights(MlpShape shape) {
        super(shape, allRows(shape), chunks(shape));
        int layers = shape.layers();
        firstRow = firstRows(shape);
        rows = new float[layers][][];
        transposed = new float[layers][][];
        for (int layer = 0; layer < layers; layer++) {
            rows[layer] = Arrays.copyOfRange(pieces(), firstRow[layer], firstRow[layer + 1]);
            transposed[layer] = new float[shape.widths[layer + 1]][shape.widths[layer]];
        }
    }

    private static int[] firstRows(MlpShape shape) {
        int[] first = new int[shape.layers() + 1];
        for (int layer = 0; layer < shape.layers(); layer++) {
            first[layer + 1] = first[layer] + shape.widths[layer] + 1;
        }
        return first;
    }

    private static float[][] allRows(MlpShape shape) {
        int[] first = firstRows(shape);
        float[][] rows = new float[first[shape.layers()]][];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int row = first[layer]; row < first[layer + 1]; row++) {
                rows[row] = new float[shape.widths[layer + 1]];
            }
        }
        return rows;
    }

    private static List<Chunk> chunks(MlpShape shape) {
        int[] first = firstRows(shape);
        List<Chunk> chunks = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            int end = first[layer + 1];
            for (int from = first[layer]; from < end; from += CHUNK_ROWS) {
                chunks.add(new Chunk(layer, from, Math.min(from + CHUNK_ROWS, end)));
            }
        }
        return chunks;
    }

    float[] bias(int layer) {
        return rows[layer][shape.widths[layer]];
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
