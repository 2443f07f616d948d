package io.github.slicedscore.internal.cpu;

import static io.github.slicedscore.internal.cpu.Panels.WIDTH;
import static io.github.slicedscore.internal.cpu.SimdSpecies.FLOATS;
import static io.github.slicedscore.internal.cpu.SimdSpecies.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Products with one or two outputs, as every energy has at its end: vectors run along the inputs, where tiles of outputs would
 * leave most of their lanes without work.
 */
final class SimdDots {
    /** Outputs up to which this is faster than tiles. */
    static final int MOST_OUTPUTS = 2;

    private SimdDots() {}

    /**
     * c[q][o] = sum over inputs k of a[firstRow + q][k] w[o][k].
     *
     * @param a left factor
     * @param firstRow first row of a
     * @param rows number of rows
     * @param weights panels of inputs, with a row for each output
     * @param outputs how many
     * @param c where the panel is that the result goes to
     * @param co where its first row begins
     * @param lanes memory for two vectors
     */
    static void rows(
            Panels a, int firstRow, int rows, float[][] weights, int outputs, float[] c, int co, float[] lanes) {
        for (int q = 0; q < rows; q++) {
            for (int o = 0; o < outputs; o++) {
                FloatVector left = FloatVector.zero(FLOATS);
                FloatVector right = FloatVector.zero(FLOATS);
                for (int p = 0; p < weights.length; p++) {
                    int ao = p * a.stride + (firstRow + q) * WIDTH;
                    int wo = o * WIDTH;
                    FloatVector w = FloatVector.fromArray(FLOATS, weights[p], wo);
                    left = FloatVector.fromArray(FLOATS, a.data, ao).fma(w, left);
                    w = FloatVector.fromArray(FLOATS, weights[p], wo + LANES);
                    right = FloatVector.fromArray(FLOATS, a.data, ao + LANES).fma(w, right);
                }
                left.add(right).intoArray(lanes, 0);
                c[co + q * WIDTH + o] = sum(lanes);
            }
        }
    }

    /** In an order that does not depend on the JVM, as its own reductions do. */
    private static float sum(float[] lanes) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < LANES; i += 4) {
            s0 += lanes[i];
            s1 += lanes[i + 1];
            s2 += lanes[i + 2];
            s3 += lanes[i + 3];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /**
     * sum[k][o] += sum over rows r of a[r][k] g[r][o].
     *
     * @param a inputs of the layer, from row 0
     * @param inputs how many columns it has
     * @param g adjoints of its outputs, from row 0, in their first panel
     * @param outputs how many
     * @param rows number of terms
     * @param sum rows of a panel, one for each input
     * @param lanes memory for two vectors
     */
    static void columns(Panels a, int inputs, Panels g, int outputs, int rows, float[] sum, float[] lanes) {
        for (int p = 0; p < Panels.count(inputs); p++) {
            for (int o = 0; o < outputs; o++) {
                FloatVector left = FloatVector.zero(FLOATS);
                FloatVector right = FloatVector.zero(FLOATS);
                int at = p * a.stride;
                for (int r = 0; r < rows; r++) {
                    FloatVector factor = FloatVector.broadcast(FLOATS, g.data[r * WIDTH + o]);
                    left = FloatVector.fromArray(FLOATS, a.data, at + r * WIDTH).fma(factor, left);
                    right = FloatVector.fromArray(FLOATS, a.data, at + r * WIDTH + LANES)
                            .fma(factor, right);
                }
                left.intoArray(lanes, 0);
                right.intoArray(lanes, LANES);
                for (int k = 0; k < Panels.used(p, inputs); k++) {
                    sum[(p * WIDTH + k) * WIDTH + o] += lanes[k];
                }
            }
        }
    }
}
