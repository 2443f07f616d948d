package io.github.slicedscore.backend;

/**
 * How exactly a backend multiplies matrices. The factors of the products (weights, activations, jets and their adjoints) are
 * rounded to so many bits, each with a relative error of at most u:
 *
 * <pre>
 * FP32    u = 2^-24    as they are stored
 * TF32    u = 2^-11
 * BF16    u = 2^-8
 * </pre>
 *
 * <p>Everything else is in single precision in each of them: the sums of the products, activations and their derivatives, losses,
 * reductions, gradients, the parameters that are updated and saved, and Adam's moments. Models and checkpoints are the same files,
 * and a training that was begun in one precision goes on in another.
 *
 * <p>{@link #FP32}, the default, agrees with the processor to rounding; take it for small models, for log-densities and
 * derivatives whose digits count, and to compare with. The others are for large networks on devices whose tensor cores multiply
 * rounded factors at a higher rate: the noise of slices and batches in a gradient is mostly larger than an error of u or some
 * times u. {@link #TF32} has the range and nearly the digits of FP32 and seldom shows in a model. {@link #BF16} makes errors of
 * percents in gradients, more where second derivatives of deep networks come in (v.J v of energies), and wants a look at the
 * held-out loss beside TF32's. Each repeats bit for bit on its own device model, and none is the same as another.
 */
public enum Precision {
    /** Single precision; on some devices by three products of TF32 parts, with errors as small. */
    FP32("fp32"),
    /** Factors of 11 significant bits with the range of single precision. */
    TF32("tf32"),
    /** Factors of 8 significant bits with the range of single precision. */
    BF16("bf16");

    private final String id;

    Precision(String id) {
        this.id = id;
    }

    /**
     * The name in kernel sets and on the command line.
     *
     * @return lower-case name
     */
    public String id() {
        return id;
    }
}
