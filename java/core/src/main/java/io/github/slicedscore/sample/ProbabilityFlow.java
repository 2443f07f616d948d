package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.NoiseLevels;

/**
 * The probability flow, for models trained with noise levels, in standardised units: the ordinary differential equation whose
 * solutions are distributed as p_sigma at every sigma,
 *
 * <pre>dx/dsigma = -sigma s(x, sigma)</pre>
 *
 * <p>Samples begin at the largest level, x ~ N(0, (1 + sigma_max^2) I), which is what data of variance 1 look like there, and
 * follow it down to the smallest. Rows follow it upwards, and their log-likelihood is that of where they arrive, and the
 * volume that the flow opened on the way:
 *
 * <pre>
 * log p_smallest(x) = log N(x(sigma_max); 0, (1 + sigma_max^2) I) - integral from sigma_min to sigma_max of sigma tr J dsigma
 * </pre>
 *
 * <p>It is the density at the smallest level, of data with that little noise, and it is normalised: score networks have it, too.
 * How exact it is depends on how far from N(0, (1 + sigma_max^2) I) noised data are at the largest level.
 *
 * <p>Integrated in log sigma, by Dormand and Prince's method of order 5(4); all rows share their steps, and each meets the
 * tolerance: of the errors of its columns and of its probes' log-likelihoods in a step, each divided by the absolute tolerance
 * plus the relative one times its size, the root mean square is at most about 1. So one number of a row of many may err by
 * more, up to the root of how many there are. The network computes in floats, so relative tolerances much below 1e-6 can't be met.
 *
 * <p>Cost: some 100 evaluations of the score at all rows; with likelihoods, as many Jacobian-vector products for each probe (D
 * of them for the exact divergence). Memory: ten times that of the rows, with a column more for each probe.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, J. Sohl-Dickstein, D. Kingma, A. Kumar, S. Ermon, B. Poole. Score-based generative modeling through stochastic
 *     differential equations. ICLR 2021, section 4.3 and appendix D.</li>
 * <li>R. Chen, Y. Rubanova, J. Bettencourt, D. Duvenaud. Neural ordinary differential equations. NeurIPS 2018, theorem 1: the
 *     change of the log-density.</li>
 * </ol>
 *
 * @param relativeTolerance error of a step relative to the size of a number, positive
 * @param absoluteTolerance error of a step beside that, positive
 */
public record ProbabilityFlow(double relativeTolerance, double absoluteTolerance) implements NoisedSampler {
    /** Checks the ranges. */
    public ProbabilityFlow {
        requireTolerance("relative", relativeTolerance);
        requireTolerance("absolute", absoluteTolerance);
    }

    private static void requireTolerance(String which, double tolerance) {
        if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("the " + which + " tolerance is a positive number, not " + tolerance);
        }
    }

    /**
     * The paper's settings.
     *
     * @return relative and absolute tolerance of 1e-5
     */
    public static ProbabilityFlow standard() {
        return new ProbabilityFlow(1e-5, 1e-5);
    }

    /**
     * {@inheritDoc}
     *
     * @param seed key of the starting points; the rest is not random
     * @throws SamplingException if the score is not finite or not smooth enough
     */
    @Override
    public double[] draw(NoisedScore score, int count, long seed) {
        StandardUnits.requireCount(count);
        double[] points = StandardUnits.noisiest(score, count, seed);
        NoiseLevels levels = score.levels();
        DormandPrince method = new DormandPrince(relativeTolerance, absoluteTolerance, score.dimension());
        DormandPrince.Field velocity = (t, state, into) -> {
            double sigma = Math.exp(t);
            score.score(state, count, sigma, into);
            for (int i = 0; i < into.length; i++) {
                into[i] *= -sigma * sigma;
            }
        };
        method.integrate(velocity, Math.log(levels.largest()), Math.log(levels.smallest()), points);
        return points;
    }

    /**
     * Log-likelihoods of points under a noised score, in its own units.
     *
     * @param score at every level
     * @param points [count, D] row-major
     * @param count how many, at least 1
     * @param divergence exact, or estimated
     * @return log p_sigma of each point at the smallest level
     * @throws IllegalArgumentException if the array is too short
     * @throws SamplingException if the score is not finite or not smooth enough
     */
    public FlowLikelihood logLikelihood(NoisedScore score, double[] points, int count, Divergence divergence) {
        int dimension = score.dimension();
        if (count < 1 || points.length < (long) count * dimension) {
            throw new IllegalArgumentException(count + " rows (at least 1) of " + dimension + " columns are "
                    + (long) count * dimension + " numbers, but the array has " + points.length);
        }
        return new DensityFlow(score, count, divergence).follow(points, relativeTolerance, absoluteTolerance);
    }

    /**
     * Log-likelihoods of rows under a model, in the units of its data.
     *
     * @param model trained with noise levels
     * @param rows the modelled columns, [count, D] row-major, in the units of the data
     * @param count how many, at least 1
     * @param divergence exact, or estimated
     * @param conditions values of the model's condition columns in original units, the same for all rows
     * @return log p of each row, noised by the smallest level
     * @throws IllegalArgumentException if the model was trained without noise levels, the conditions do not match the model's,
     *     or the array is too short
     * @throws SamplingException if the score is not finite or not smooth enough
     */
    public FlowLikelihood logLikelihood(
            ScoreModel model, double[] rows, int count, Divergence divergence, double... conditions) {
        NoisedScore score = NoisedScore.standardized(model, conditions);
        Standardizer standardizer = model.standardizer();
        int dimension = score.dimension();
        double[] points = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            points[i] = standardizer.standardize(i % dimension, rows[i]);
        }
        FlowLikelihood likelihood = logLikelihood(score, points, count, divergence);
        double logScale = standardizer.logScale(dimension);
        double[] values = likelihood.values();
        for (int row = 0; row < values.length; row++) {
            values[row] -= logScale;
        }
        return likelihood;
    }
}
