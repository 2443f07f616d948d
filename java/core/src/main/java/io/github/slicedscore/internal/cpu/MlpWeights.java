package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import java.util.Arrays;

/**
 * A perceptron's parameters as rows. Per layer there are in + 1 rows of out numbers: W transposed, then the bias. A second
 * copy of W as it stands serves the passes that run over its other side.
 */
final class MlpWeights {
    final int[] widths;
    /** rows[layer][k] for k below in: column k of W; rows[layer][in]: the bias. */
    final float[][][] rows;
    /** transposed[layer][o]: row o of W. */
    final float[][][] transposed;

    private final ParameterLayout layout;

    MlpWeights(Architecture architecture) {
        layout = ParameterLayout.of(architecture);
        widths = architecture.widths();
        rows = newRows();
        transposed = new float[layers()][][];
        for (int layer = 0; layer < layers(); layer++) {
            transposed[layer] = new float[widths[layer + 1]][widths[layer]];
        }
    }

    /** Rows of the same shape, zero: for gradients and moments. */
    float[][][] newRows() {
        float[][][] shape = new float[layers()][][];
        for (int layer = 0; layer < layers(); layer++) {
            shape[layer] = new float[widths[layer] + 1][widths[layer + 1]];
        }
        return shape;
    }

    int layers() {
        return widths.length - 1;
    }

    int size() {
        return layout.size();
    }

    int widest() {
        return Arrays.stream(widths).max().orElseThrow();
    }

    float[] bias(int layer) {
        return rows[layer][widths[layer]];
    }

    /** Takes parameters in the public order. */
    void load(float[] flat) {
        unflatten(flat, rows);
        for (int layer = 0; layer < layers(); layer++) {
            transpose(layer, 0, widths[layer]);
        }
    }

    /** Refreshes the second copy from weight rows from .. to-1 of a layer. */
    void transpose(int layer, int from, int to) {
        float[][] source = rows[layer];
        float[][] target = transposed[layer];
        for (int o = 0; o < target.length; o++) {
            float[] row = target[o];
            for (int k = from; k < to; k++) {
                row[k] = source[k][o];
            }
        }
    }

    /** From the public order into rows of this shape. */
    void unflatten(float[] flat, float[][][] into) {
        for (int layer = 0; layer < layers(); layer++) {
            int in = widths[layer];
            int weight = layout.weightOffset(layer);
            for (int o = 0; o < widths[layer + 1]; o++) {
                for (int k = 0; k < in; k++) {
                    into[layer][k][o] = flat[weight + o * in + k];
                }
            }
            System.arraycopy(flat, layout.biasOffset(layer), into[layer][in], 0, widths[layer + 1]);
        }
    }

    /** Rows of this shape in the public order. */
    float[] flatten(float[][][] from) {
        float[] flat = new float[layout.size()];
        for (int layer = 0; layer < layers(); layer++) {
            int in = widths[layer];
            int weight = layout.weightOffset(layer);
            for (int o = 0; o < widths[layer + 1]; o++) {
                for (int k = 0; k < in; k++) {
                    flat[weight + o * in + k] = from[layer][k][o];
                }
            }
            System.arraycopy(from[layer][in], 0, flat, layout.biasOffset(layer), widths[layer + 1]);
        }
        return flat;
    }
}
