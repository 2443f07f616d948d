package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.WIDTH;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Parameters in panels of outputs: piece p of a layer has, for outputs p WIDTH .. (p + 1) WIDTH - 1, a row for each input, rows of
 * zeros up to a multiple of a tile's, and the row of biases. A second copy, in panels of inputs with a row for each output,
 * serves the reverse pass.
 */
final class PanelWeights extends MlpWeights {
    private final float[][][] transposed;

    PanelWeights(MlpShape shape) {
        super(
                shape,
                layer -> Panels.count(shape.widths[layer + 1]),
                layer -> Math.multiplyExact(biasRow(shape, layer) + 1, WIDTH),
                1,
                // The most work first.
                Comparator.comparing(chunk -> -shape.widths[chunk.layer()]));
        transposed = new float[shape.layers()][][];
        for (int layer = 0; layer < shape.layers(); layer++) {
            int numbers = Math.multiplyExact(shape.widths[layer + 1], WIDTH);
            transposed[layer] = new float[Panels.count(shape.widths[layer])][numbers];
        }
    }

    /** Row of the biases in the pieces of a layer. */
    int biasRow(int layer) {
        return biasRow(shape, layer);
    }

    private static int biasRow(MlpShape shape, int layer) {
        return (shape.widths[layer] + SimdTile.ROWS - 1) / SimdTile.ROWS * SimdTile.ROWS;
    }

    /** Which panel of its layer's outputs a piece is. */
    int panel(int layer, int piece) {
        return piece - firstPiece[layer];
    }

    /** The weights of a panel of outputs, a row for each input. */
    float[] byInput(int layer, int panel) {
        return pieces()[firstPiece[layer] + panel];
    }

    /** The weights by panels of inputs, with a row for each output. */
    float[][] byOutput(int layer) {
        return transposed[layer];
    }

    @Override
    int piece(int layer, int input, int output) {
        return firstPiece[layer] + output / WIDTH;
    }

    @Override
    int index(int layer, int input, int output) {
        int row = input == shape.widths[layer] ? biasRow(layer) : input;
        return row * WIDTH + output % WIDTH;
    }

    @Override
    void refresh(Chunk chunk) {
        int layer = chunk.layer();
        int in = shape.widths[layer];
        for (int piece = chunk.from(); piece < chunk.to(); piece++) {
            int firstOutput = panel(layer, piece) * WIDTH;
            int outputs = Math.min(WIDTH, shape.widths[layer + 1] - firstOutput);
            for (int p = 0; p < transposed[layer].length; p++) {
                transpose(
                        pieces()[piece],
                        p * WIDTH * WIDTH,
                        transposed[layer][p],
                        firstOutput * WIDTH,
                        Panels.used(p, in),
                        outputs);
            }
        }
    }

    /** to[j][k] = from[k][j], both rows of panels. */
    private static void transpose(float[] from, int fromStart, float[] to, int toStart, int rows, int columns) {
        for (int j = 0; j < columns; j++) {
            for (int k = 0; k < rows; k++) {
                to[toStart + j * WIDTH + k] = from[fromStart + k * WIDTH + j];
            }
        }
    }

    /** Makes the rows of a gradient piece that stand for no input zero. */
    void clearPadding(int layer, float[] piece) {
        Arrays.fill(piece, shape.widths[layer] * WIDTH, biasRow(layer) * WIDTH, 0f);
    }
}
