package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.ToyDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A log-density up to a constant, and its score, over rows: what Markov chains walk on.
 *
 * <pre>f(x) = log p(x) + constant,      s(x) = grad f(x)</pre>
 *
 * <p>Any number of threads may call it, and the same row gets the same numbers whatever rows stand beside it.
 */
public interface Density {
    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    int dimension();

    /**
     * Log-densities and scores of rows. Where the density is zero or can't be computed they are negative infinity or NaN; that
     * is no error.
     *
     * @param points x, [count, D] row-major
     * @param count how many
     * @param logDensities where f(x) goes, [count], or null
     * @param scores where s(x) goes, [count, D] row-major, or null
     */
    void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores);

    /**
     * The density of a toy distribution, normalised, in its own units.
     *
     * @param distribution whose density
     * @return the density
     */
    static Density of(ToyDistribution distribution) {
        return new ToyDensity(distribution);
    }

    /**
     * The density that an energy learned, in standardised units: f of the network. In the data's units the log-density is that
     * less the sum of log deviations. The network computes in floats, so differences of f carry some 1e-7 of its size. A model
     * with noise levels is taken at the smallest.
     *
     * @param energy a model with a density; not closed while the density is used
     * @param conditions values of the model's condition columns in original units, in the order of its conditions; empty for
     *     a model without
     * @return the density
     * @throws IllegalArgumentException if the model is a score network, or the conditions do not match the model's
     */
    static Density standardized(ScoreModel energy, double... conditions) {
        return new ModelDensity(energy, conditions);
    }
}
