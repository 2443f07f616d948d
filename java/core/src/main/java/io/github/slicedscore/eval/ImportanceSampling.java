package io.github.slicedscore.eval;

import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.sample.Density;
import java.util.List;

/**
 * The normaliser by importance sampling from a proposal q that has more mass in its tails than the density:
 *
 * <pre>
 * log Z ~ log mean_i exp(f(x_i)) / q(x_i),      x_i ~ q
 * q(x) = (1 - a) sum_k w_k t(x; m_k, S_k) + a t(x; m, 9 S)
 * </pre>
 *
 * <p>t is the multivariate Student-t density with v degrees of freedom. w_k, m_k, S_k are the Gaussian mixture that
 * {@link MixtureBaseline} fits to the rows (at most {@value #MOST_FITTED} of them) after some transitions of Hamiltonian Monte
 * Carlo under the density, which bring them from where the data are to where the model has its mass; m and S are mean and
 * covariance of the rows themselves. The mixture follows several modes and correlated columns; its t tails keep the weights
 * bounded where the density falls off as a Gaussian does, which one with a Gaussian base does beyond all data; the wide last part
 * bounds the weights in regions that the rows miss (a defensive mixture, Hesterberg 1995).
 *
 * <p>It works in few dimensions, some 20. Beyond them, or where the density is far from the rows, the effective sample size says
 * so, and {@link AnnealedImportanceSampling} is the better choice. What no sample met no weight can tell: a mode far from all
 * rows stays unseen by both.
 *
 * <h2>References</h2>
 * <ol>
 * <li>T. Hesterberg. Weighted average importance sampling and defensive mixture distributions. Technometrics 1995.
 * <li>A. Owen. Monte Carlo theory, methods and examples. 2013, chapter 9.
 * </ol>
 *
 * @param samples n, at least 100
 * @param components the most components of the mixture, at least 1
 * @param degrees v, at least 3
 * @param defensive a, above 0 and below 1
 */
public record ImportanceSampling(int samples, int components, int degrees, double defensive)
        implements NormalizerEstimator {
    private static final int FEWEST_SAMPLES = 100;
    private static final int MOST_FITTED = 2000;
    private static final int CHUNK = 4096;

    /** Checks the ranges. */
    public ImportanceSampling {
        if (samples < FEWEST_SAMPLES) {
            throw new IllegalArgumentException(
                    "importance sampling takes at least " + FEWEST_SAMPLES + " samples, not " + samples);
        }
        if (components < 1) {
            throw new IllegalArgumentException("a proposal has at least one component, not " + components);
        }
        if (degrees < 3) {
            throw new IllegalArgumentException(
                    "a Student-t proposal has at least 3 degrees of freedom, not " + degrees);
        }
        if (!(defensive > 0 && defensive < 1)) {
            throw new IllegalArgumentException(
                    "the share of the proposal's wide part is above 0 and below 1, not " + defensive);
        }
    }

    /**
     * 100,000 samples from up to 16 components with 5 degrees of freedom, and a tenth of them wide.
     *
     * @return the settings
     */
    public static ImportanceSampling standard() {
        return new ImportanceSampling(100_000, 16, 5, 0.1);
    }

    @Override
    public NormalizerEstimate estimate(Density density, double[] rows, long seed) {
        int dimension = density.dimension();
        int count = Points.requireFinite("rows", rows, dimension);
        double[] fitted =
                Points.select(rows, dimension, Points.shuffled(count, MOST_FITTED, seed, RandomStream.PROPOSAL, 0));
        double[] relaxed = Relaxation.of(density, fitted, BaselineRows.deviations(fitted, dimension), seed);
        MixtureFit mixture =
                MixtureBaseline.fit(relaxed, dimension, components, seed).mixture();
        Proposal proposal =
                new Proposal(mixture, GaussianBaseline.fit(fitted, dimension).normal(), degrees, defensive);
        double[] logWeights = new double[samples];
        double[] points = new double[Math.min(CHUNK, samples) * dimension];
        double[] values = new double[Math.min(CHUNK, samples)];
        for (int from = 0; from < samples; from += CHUNK) {
            int chunk = Math.min(CHUNK, samples - from);
            for (int i = 0; i < chunk; i++) {
                proposal.sample(seed, from + i, points, i * dimension);
            }
            density.evaluate(points, chunk, values, null);
            for (int i = 0; i < chunk; i++) {
                logWeights[from + i] = values[i] - proposal.logDensity(points, i * dimension);
            }
        }
        return new LogWeights(logWeights)
                .estimate(List.of(), "take more samples, or anneal (AnnealedImportanceSampling)");
    }
}
