package io.github.slicedscore.internal.cpu;

/** The streams of a {@link DeepKernelNetwork}. */
final class DeepKernelBuffers extends NetworkBuffers {
    /** Of its blocks: perceptrons, skips, affine blocks of the kernels. */
    final JetBuffers[] blocks;

    final GaussianKernel.Jets[] gaussians;
    /** kappa's streams, a row of L numbers each. */
    final float[][] kappa;
    /** Adjoint of the output by row. */
    final float[] seeds;

    DeepKernelBuffers(JetBuffers[] blocks, GaussianKernel.Jets[] gaussians, JetBuffers skips, int points) {
        super(
                skips.shape,
                skips.input,
                skips.inputAdjoint,
                new float[skips.input.length][1],
                new float[skips.input.length][1]);
        this.blocks = blocks;
        this.gaussians = gaussians;
        kappa = new float[skips.input.length][points];
        seeds = new float[skips.input.length];
    }
}
