package io.github.slicedscore.internal.cpu;

import java.util.Arrays;
import java.util.Comparator;

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

    PlainWeights(MlpShape shape) {
        super(
                shape,
                layer -> shape.widths[layer] + 1,
                layer -> shape.widths[layer + 1],
                CHUNK_ROWS,
                Comparator.comparing(Chunk::from));
        int layers = shape.layers();
        rows = new float[layers][][];
        transposed = new float[layers][][];
        for (int layer = 0; layer < layers; layer++) {
            rows[layer] = Arrays.copyOfRange(pieces(), firstPiece[layer], firstPiece[layer + 1]);
            transposed[layer] = new float[shape.widths[layer + 1]][shape.widths[layer]];
        }
    }

    float[] bias(int layer) {
        return rows[layer][shape.widths[layer]];
    }

    @Override
    int piece(int layer, int input, int output) {
        return firstPiece[layer] + input;
    }

    @Override
    int index(int layer, int input, int output) {
        return output;
    }

    @Override
    void refresh(Chunk chunk) {
        int layer = chunk.layer();
        int from = chunk.from() - firstPiece[layer];
        int to = Math.min(chunk.to() - firstPiece[layer], shape.widths[layer]);
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
