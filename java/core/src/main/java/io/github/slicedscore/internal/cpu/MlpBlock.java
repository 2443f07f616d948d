package io.github.slicedscore.internal.cpu;

/**
 * A multilayer perceptron as a block: jets in, jets out; adjoints of the output in, parameter gradients and, if asked,
 * adjoints of the input out. It assumes nothing about what stands before or after it.
 *
 * <p>All streams of a sample are rows of one matrix, so a layer is one product over all of them, then the activation's
 * element-wise stage. With z, z1_m, z2 the streams of the affine output,
 *
 * <pre>
 * a    = act(z)                                   b0   = act'(z)
 * a1_m = b0 z1_m                                  b1_m = act''(z) z1_m
 * a2   = sum_m b1_m z1_m + b0 z2                  b2   = sum_m act'''(z) z1_m^2 + act''(z) z2
 * </pre>
 *
 * <p>where sums run over the curved tangents. There is no tape; with adjoints o, o1_m, o2 of a, a1_m, a2 the reverse is
 *
 * <pre>
 * dz    = o b0 + sum_m o1_m b1_m + o2 b2
 * dz1_m = o1_m b0 + 2 o2 b1_m                     (the last term for curved tangents only)
 * dz2   = o2 b0
 *
 * dW = sum over all streams of dz_k^T a_k        db = sum of the value stream's dz        o_k(previous) = dz_k W
 * </pre>
 */
abstract sealed class MlpBlock permits PlainMlpBlock, SimdMlpBlock {
    /** The parameters. */
    abstract MlpWeights weights();

    /**
     * Room for samples.
     *
     * @param shape streams
     * @param samples how many samples
     * @param reverse how far {@link #reverse} shall go
     */
    abstract JetBuffers buffers(JetShape shape, int samples, Reverse reverse);

    /**
     * Runs samples from .. to-1 forward. Ranges that share no sample may run at the same time.
     *
     * @param buffers input rows filled; output is written
     * @param from first sample
     * @param to one past the last sample
     * @param secondInput whether the input's second-order stream may be other than zero
     * @param scratch memory of the calling thread
     */
    abstract void forward(JetBuffers buffers, int from, int to, boolean secondInput, Scratch scratch);

    /**
     * Runs samples from .. to-1 backward, from the output's adjoints to those of every layer's affine output, and of the
     * input where the buffers have room for them.
     *
     * @param buffers after {@link #forward}, with the output's adjoints filled
     * @param from first sample
     * @param to one past the last sample
     * @param scratch memory of the calling thread
     */
    abstract void reverse(JetBuffers buffers, int from, int to, Scratch scratch);

    /**
     * A number that the Euclidean norm of some samples' parameter gradient does not exceed, or infinity where none is known;
     * NaN or infinity if any part of it is not finite.
     *
     * @param buffers after {@link #reverse}
     * @param from first sample
     * @param to one past the last sample
     */
    abstract double gradientBound(JetBuffers buffers, int from, int to);

    /**
     * Parameter gradients of a chunk, summed over samples in order.
     *
     * @param buffers after {@link #reverse}
     * @param samples the first so many samples
     * @param chunk which parameters
     * @param add whether to add to what is there
     * @param gradient where the sums go, as pieces
     * @param shift number of the chunk's first piece less its index in {@code gradient}
     * @param scratch memory of the calling thread
     */
    abstract void weightGradient(
            JetBuffers buffers,
            int samples,
            Weights.Chunk chunk,
            boolean add,
            float[][] gradient,
            int shift,
            Scratch scratch);
}
