package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.model.Activation;

/**
 * The loops where the time goes. Matrices are arrays of rows; every sum is taken in an order that depends on the sizes
 * alone, never on how rows are shared out among threads.
 */
abstract sealed class Kernels permits PlainKernels {
    /** Short name, stored in checkpoints: a run repeats bit for bit on the same kernels. */
    abstract String name();

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
    abstract void multiply(
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
            int width);

    /**
     * c[k][j] += sum over rows r = 0 .. rows-1 of a[r][k] g[r][j], for k = from .. to-1: a weight gradient, transposed.
     *
     * @param a inputs of the layer
     * @param g adjoints of its outputs
     * @param c what is added to
     * @param from first row of c
     * @param to one past the last row of c
     * @param rows number of terms
     * @param width number of columns of c
     */
    abstract void multiplyTransposed(float[][] a, float[][] g, float[][] c, int from, int to, int rows, int width);

    /**
     * An activation's jets of one sample, in place of its arguments. With z, z1_m, z2 in the rows of {@code b}:
     *
     * <pre>
     * a    = act(z)                                   b0   = act'(z)
     * a1_m = b0 z1_m                                  b1_m = act''(z) z1_m
     * a2   = sum_m b1_m z1_m + b0 z2                  b2   = sum_m act'''(z) z1_m^2 + act''(z) z2
     * </pre>
     *
     * @param activation which function
     * @param shape streams of the jet
     * @param b rows of z at {@code row}; afterwards rows of b0, b1_m, b2, which the reverse pass needs
     * @param a where the rows of a, a1_m, a2 go
     * @param row row of the sample's value stream
     * @param width number of units
     * @param scratch memory of the calling thread
     */
    abstract void activate(
            Activation activation, JetShape shape, float[][] b, float[][] a, int row, int width, Scratch scratch);

    /**
     * The reverse of {@link #activate}: with adjoints o, o1_m, o2 of a, a1_m, a2,
     *
     * <pre>
     * dz    = o b0 + sum_m o1_m b1_m + o2 b2
     * dz1_m = o1_m b0 + 2 o2 b1_m                     (the last term for curved tangents only)
     * dz2   = o2 b0
     * </pre>
     *
     * @param shape streams of the jet
     * @param b rows of b0, b1_m, b2 at {@code row}; afterwards rows of dz, dz1_m, dz2
     * @param row row of the sample's value stream in b
     * @param o rows of the adjoints; the value stream's is overwritten
     * @param adjointRow row of the sample's value stream in o
     * @param width number of units
     */
    abstract void deactivate(JetShape shape, float[][] b, int row, float[][] o, int adjointRow, int width);
}
