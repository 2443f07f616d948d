package io.github.slicedscore.eval;

import io.github.slicedscore.sample.Density;

/** A way to estimate the normaliser of an unnormalised density, as a value. */
public sealed interface NormalizerEstimator permits ImportanceSampling, AnnealedImportanceSampling {
    /**
     * Estimates log Z of a density.
     *
     * @param density f, of dimension D
     * @param rows where the density is expected, [N, D] row-major, such as the rows of a test table. The estimate is right
     *     wherever they lie, but the better, the better they cover the density.
     * @param seed key of all random numbers; the same seed gives the same estimate, whatever the number of threads
     * @return log Z in the density's units, with its standard error
     * @throws IllegalArgumentException if there are fewer than D + 2 rows, a column is constant, or a number is not finite
     */
    NormalizerEstimate estimate(Density density, double[] rows, long seed);
}
