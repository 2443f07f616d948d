package io.github.slicedscore.internal.cpu;

/**
 * The loops where the time goes, and the layout of numbers that suits them. Every sum is taken in an order that depends on the
 * sizes alone, never on how samples and parameters are shared out among threads.
 *
 * <p>Blocks, buffers and scratch memory belong to the kernels that made them.
 */
abstract sealed class Kernels permits PlainKernels, SimdKernels {
    /** Short name, stored in checkpoints: a run repeats bit for bit on the same kernels. */
    abstract String name();

    /** A perceptron, its parameters zero. */
    abstract MlpBlock block(MlpShape shape);

    /**
     * Memory of one thread for blocks up to a width, and passes over up to a number of rows at a time.
     *
     * @param widest width of the widest layer
     * @param rows samples at a time, times streams
     */
    abstract Scratch scratch(int widest, int rows);

    /** Adam's update of a piece of parameters, as long as they are; see {@link AdamUpdate}. */
    abstract void adam(
            AdamUpdate update, float[] parameters, float[] gradients, float[] first, float[] second, float[] average);

    /**
     * The sum of squares of a chunk's gradient.
     *
     * @param chunk which parameters
     * @param gradient its pieces, which may be longer than the parameters'
     * @param shift number of the chunk's first piece less its index in {@code gradient}
     * @param like all pieces, as long as the parameters'
     */
    final double sumSquares(Weights.Chunk chunk, float[][] gradient, int shift, float[][] like) {
        double sum = 0;
        for (int piece = chunk.from(); piece < chunk.to(); piece++) {
            sum += sumSquares(gradient[piece - shift], like[piece].length);
        }
        return sum;
    }

    /** The sum of squares of the first numbers of a piece. */
    abstract double sumSquares(float[] x, int length);
}
