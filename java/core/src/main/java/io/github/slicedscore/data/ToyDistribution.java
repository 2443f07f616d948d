package io.github.slicedscore.data;

/**
 * A distribution whose density and score are known in closed form, to learn from and to be compared with.
 *
 * <p>Instances are immutable and safe for concurrent use.
 */
public sealed interface ToyDistribution extends ToySampler permits Gaussian, GaussianMixture, Banana, Ring, StudentT {
    /**
     * The normalised log-density.
     *
     * @param x point, length D
     * @return log p(x)
     */
    double logDensity(double[] x);

    /**
     * The score.
     *
     * @param x point, length D
     * @param into where grad log p(x) goes, length D; not x itself
     */
    void score(double[] x, double[] into);
}
