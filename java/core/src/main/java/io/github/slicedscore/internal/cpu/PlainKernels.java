package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;

/**
 * Kernels in plain Java, shaped so that the JVM's compiler turns them into vector instructions: inner loops run over whole
 * rows, one array a row without offsets, and read all they need before they write.
 *
 * <p>The inner loop of both products adds two rows' multiples to two sums. Bodies with more products run faster where they
 * become vector instructions, which JVM 17 does for no body of six, and a quarter as fast where they do not. Every number is
 * a sum over ascending terms, one at a time, so it does not matter which rows are taken in pairs.
 */
final class PlainKernels extends Kernels {
    /** Terms that are summed into a row before the next row's turn: their right-factor rows stay in the first-level cache. */
    private static final int DEPTH_BLOCK = 32;

    /** Rows whose adjoints stay in the first-level cache while all of a task's weight rows take them up. */
    private static final int ROW_BLOCK = 32;

    /** Below this width loops over the short side cost more than what they compute. */
    private static final int NARROW = 8;

    @Override
    String name() {
        return "plain";
    }

    @Override
    MlpBlock block(MlpShape shape) {
        return new PlainMlpBlock(this, shape);
    }

    @Override
    Scratch scratch(int widest, int rows) {
        return new PlainScratch(widest, rows);
    }

    @Override
    void adam(
            AdamUpdate update, float[] parameters, float[] gradients, float[] first, float[] second, float[] average) {
        update.apply(parameters, gradients, first, second, average);
    }

    @Override
    double sumSquares(float[] x, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }

    /**
     * c[r - shift][j] += sum over k of a[r][k] b[k][j], for rows r = from .. to-1 whose stream r mod streams is below active.
     *
     * @param a left factor
     * @param b right factor, depth rows of width numbers
     * @param bTransposed the right factor transposed, width rows of depth numbers
     * @param c what is added to
     * @param from first row of a
     * @param to one past the last row of a
     * @param shift first row of a minus first row of c
     * @param streams rows a sample
     * @param active streams that are not known to be zero
     * @param depth number of terms
     * @param width number of columns of c
     */
    void multiply(
            float[][] a,
            float[][] b,
            float[][] bTransposed,
            float[][] c,
            int from,
            int to,
            int shift,
            int streams,
            int active,
            int depth,
            int width) {
        if (width < NARROW) {
            for (int r = from; r < to; r++) {
                if (r % streams < active) {
                    for (int j = 0; j < width; j++) {
                        c[r - shift][j] += dot(a[r], bTransposed[j], depth);
                    }
                }
            }
            return;
        }
        for (int block = 0; block < depth; block += DEPTH_BLOCK) {
            int end = Math.min(block + DEPTH_BLOCK, depth);
            int waiting = -1;
            for (int r = from; r < to; r++) {
                if (r % streams >= active) {
                    continue;
                }
                if (waiting < 0) {
                    waiting = r;
                } else {
                    multiplyRows(a[waiting], a[r], b, c[waiting - shift], c[r - shift], block, end, width);
                    waiting = -1;
                }
            }
            if (waiting >= 0) {
                multiplyRow(a[waiting], b, c[waiting - shift], block, end, width);
            }
        }
    }

    private static void multiplyRows(
            float[] a0, float[] a1, float[][] b, float[] c0, float[] c1, int from, int to, int width) {
        int k = from;
        for (; k + 1 < to; k += 2) {
            addTwoToTwo(b[k], b[k + 1], a0[k], a0[k + 1], c0, a1[k], a1[k + 1], c1, width);
        }
        if (k < to) {
            addOne(a0[k], b[k], c0, width);
            addOne(a1[k], b[k], c1, width);
        }
    }

    private static void multiplyRow(float[] a, float[][] b, float[] c, int from, int to, int width) {
        int k = from;
        for (; k + 1 < to; k += 2) {
            addTwo(b[k], b[k + 1], a[k], a[k + 1], c, width);
        }
        if (k < to) {
            addOne(a[k], b[k], c, width);
        }
    }

    /**
     * c[k - shift][j] += sum over rows r = 0 .. rows-1 of a[r][k] g[r][j], for k = from .. to-1: a weight gradient, transposed.
     *
     * @param a inputs of the layer
     * @param g adjoints of its outputs
     * @param c what is added to
     * @param from first k
     * @param to one past the last k
     * @param shift k less its row in c
     * @param rows number of terms
     * @param width number of columns of c
     */
    void multiplyTransposed(float[][] a, float[][] g, float[][] c, int from, int to, int shift, int rows, int width) {
        for (int block = 0; block < rows; block += ROW_BLOCK) {
            int end = Math.min(block + ROW_BLOCK, rows);
            if (width < NARROW) {
                addNarrow(a, g, c, from, to, shift, block, end, width);
                continue;
            }
            int k = from;
            for (; k + 1 < to; k += 2) {
                int r = block;
                for (; r + 1 < end; r += 2) {
                    float[] a0 = a[r];
                    float[] a1 = a[r + 1];
                    addTwoToTwo(
                            g[r], g[r + 1], a0[k], a1[k], c[k - shift], a0[k + 1], a1[k + 1], c[k + 1 - shift], width);
                }
                if (r < end) {
                    addOne(a[r][k], g[r], c[k - shift], width);
                    addOne(a[r][k + 1], g[r], c[k + 1 - shift], width);
                }
            }
            if (k < to) {
                int r = block;
                for (; r + 1 < end; r += 2) {
                    addTwo(g[r], g[r + 1], a[r][k], a[r + 1][k], c[k - shift], width);
                }
                if (r < end) {
                    addOne(a[r][k], g[r], c[k - shift], width);
                }
            }
        }
    }

    /** The same for few columns: four rows' multiples at a time, without an inner loop over the columns. */
    private static void addNarrow(
            float[][] a, float[][] g, float[][] c, int from, int to, int shift, int firstRow, int lastRow, int width) {
        for (int j = 0; j < width; j++) {
            int r = firstRow;
            for (; r + 3 < lastRow; r += 4) {
                float[] a0 = a[r];
                float[] a1 = a[r + 1];
                float[] a2 = a[r + 2];
                float[] a3 = a[r + 3];
                float g0 = g[r][j];
                float g1 = g[r + 1][j];
                float g2 = g[r + 2][j];
                float g3 = g[r + 3][j];
                for (int k = from; k < to; k++) {
                    c[k - shift][j] += (a0[k] * g0 + a1[k] * g1) + (a2[k] * g2 + a3[k] * g3);
                }
            }
            for (; r < lastRow; r++) {
                for (int k = from; k < to; k++) {
                    c[k - shift][j] += a[r][k] * g[r][j];
                }
            }
        }
    }

    /** s += f0 x + f1 y and t += h0 x + h1 y. */
    private static void addTwoToTwo(
            float[] x, float[] y, float f0, float f1, float[] s, float h0, float h1, float[] t, int width) {
        for (int j = 0; j < width; j++) {
            float xj = x[j];
            float yj = y[j];
            float sj = s[j];
            float tj = t[j];
            s[j] = sj + f0 * xj + f1 * yj;
            t[j] = tj + h0 * xj + h1 * yj;
        }
    }

    private static void addTwo(float[] x, float[] y, float f0, float f1, float[] s, int width) {
        for (int j = 0; j < width; j++) {
            s[j] = s[j] + f0 * x[j] + f1 * y[j];
        }
    }

    private static void addOne(float factor, float[] x, float[] sum, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += factor * x[j];
        }
    }

    private static float dot(float[] x, float[] y, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            s0 += x[i] * y[i];
            s1 += x[i + 1] * y[i + 1];
            s2 += x[i + 2] * y[i + 2];
            s3 += x[i + 3] * y[i + 3];
        }
        for (; i < length; i++) {
            s0 += x[i] * y[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /**
     * An activation's jets of one sample, in place of its arguments. See {@link MlpBlock} for the formulas.
     *
     * @param activation which function
     * @param shape streams of the jet
     * @param b rows of z at {@code row}; afterwards rows of b0, b1_m, b2, which the reverse pass needs
     * @param a where the rows of a, a1_m, a2 go
     * @param row row of the sample's value stream
     * @param width number of units
     * @param scratch memory of the calling thread
     */
    void activate(
            Activation activation, JetShape shape, float[][] b, float[][] a, int row, int width, PlainScratch scratch) {
        float[] first = scratch.first;
        float[] second = scratch.second;
        float[] third = scratch.third;
        ActivationFunction.evaluate(activation, b[row], width, a[row], first, second, third);
        int last = row + shape.streams() - 1;
        if (shape.second()) {
            scale(first, b[last], a[last], width);
            scale(second, b[last], b[last], width);
        }
        for (int m = 0; m < shape.tangents(); m++) {
            float[] z1 = b[row + 1 + m];
            if (m < shape.curved()) {
                addCurvature(second, z1, a[last], width);
                addCurvature(third, z1, b[last], width);
            }
            scale(first, z1, a[row + 1 + m], width);
            scale(second, z1, z1, width);
        }
        System.arraycopy(first, 0, b[row], 0, width);
    }

    /**
     * The reverse of {@link #activate}; see {@link MlpBlock} for the formulas.
     *
     * @param shape streams of the jet
     * @param b rows of b0, b1_m, b2 at {@code row}; afterwards rows of dz, dz1_m, dz2
     * @param row row of the sample's value stream in b
     * @param o rows of the adjoints; the value stream's is overwritten
     * @param adjointRow row of the sample's value stream in o
     * @param width number of units
     */
    void deactivate(JetShape shape, float[][] b, int row, float[][] o, int adjointRow, int width) {
        float[] b0 = b[row];
        float[] dz = o[adjointRow];
        int last = shape.streams() - 1;
        scale(b0, dz, dz, width);
        for (int m = 1; m <= shape.tangents(); m++) {
            float[] b1 = b[row + m];
            float[] o1 = o[adjointRow + m];
            addProduct(o1, b1, dz, width);
            if (m <= shape.curved()) {
                curvedTangent(o1, b0, o[adjointRow + last], b1, width);
            } else {
                scale(o1, b0, b1, width);
            }
        }
        if (shape.second()) {
            addProduct(o[adjointRow + last], b[row + last], dz, width);
            scale(o[adjointRow + last], b0, b[row + last], width);
        }
        System.arraycopy(dz, 0, b0, 0, width);
    }

    private static void scale(float[] factor, float[] x, float[] product, int width) {
        for (int j = 0; j < width; j++) {
            product[j] = factor[j] * x[j];
        }
    }

    private static void addProduct(float[] x, float[] y, float[] sum, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += x[j] * y[j];
        }
    }

    private static void addCurvature(float[] factor, float[] z1, float[] sum, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += factor[j] * z1[j] * z1[j];
        }
    }

    private static void curvedTangent(float[] o1, float[] b0, float[] o2, float[] b1, int width) {
        for (int j = 0; j < width; j++) {
            b1[j] = o1[j] * b0[j] + 2f * o2[j] * b1[j];
        }
    }
}
