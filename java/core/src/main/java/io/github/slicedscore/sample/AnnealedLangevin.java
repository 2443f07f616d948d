package io.github.slicedscore.sample;

import io.github.slicedscore.model.NoiseLevels;

/**
 * Langevin dynamics from the largest noise level to the smallest, for models trained with noise levels, in standardised units:
 * large noise joins the modes and short steps at small noise work out the detail.
 *
 * <pre>
 * x ~ N(0, (1 + sigma_1^2) I)
 * for every level i = 1 .. L, so many times:      x = x + alpha_i/2 s(x, sigma_i) + alpha_i^(1/2) xi,      xi ~ N(0, I)
 * at the end, if asked:      x = x + sigma_L^2 s(x, sigma_L)
 * alpha_i = r sigma_i^2
 * </pre>
 *
 * <p>In the paper's words alpha_i = eps sigma_i^2/sigma_L^2 with eps = r sigma_L^2; r does not depend on the levels. The last
 * line is the mean of the data given x (Tweedie's formula): it takes the last level's noise off the samples.
 *
 * <p>Variances come out too large, in two ways. Details finer than the last level are too wide by r/(4 - r) of its variance,
 * as in any unadjusted dynamics. Columns much wider than the noise keep some of the larger levels' spread, and modes some of
 * their shares there, because short steps have no time to carry it off: with the standard settings and ten levels from 10 to
 * 0.05, standard normal data get a variance of 1.03. More steps a level mend that; {@link ReverseSde} and
 * {@link ProbabilityFlow} have no such bias.
 *
 * <p>Cost: {@code stepsPerLevel} x L evaluations of the score at all samples. A sample depends on no other sample.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Ermon. Generative modeling by estimating gradients of the data distribution. NeurIPS 2019, algorithm 1.</li>
 * <li>A. Jolicoeur-Martineau et al. Adversarial score matching and improved sampling for image generation. ICLR 2021, section
 *     3.1: the denoising step.</li>
 * </ol>
 *
 * @param stepsPerLevel steps at each level, at least 1
 * @param step r, step in squared standard deviations of the level's noise, positive; from 4 on
 *     chains run away
 * @param denoise whether the last level's noise is taken off
 */
public record AnnealedLangevin(int stepsPerLevel, double step, boolean denoise) implements NoisedSampler {
    /** Checks the ranges. */
    public AnnealedLangevin {
        if (stepsPerLevel < 1) {
            throw new IllegalArgumentException(
                    "annealed Langevin dynamics takes at least one step a level, not " + stepsPerLevel);
        }
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("a Langevin step is a positive number, not " + step);
        }
    }

    /**
     * The paper's number of steps, and steps that trade one bias for the other.
     *
     * @return 100 steps a level of 0.5, and the denoising step
     */
    public static AnnealedLangevin standard() {
        return new AnnealedLangevin(100, 0.5, true);
    }

    @Override
    public double[] draw(NoisedScore score, int count, long seed) {
        StandardUnits.requireCount(count);
        NoiseLevels levels = score.levels();
        int dimension = score.dimension();
        double[] points = StandardUnits.noisiest(score, count, seed);
        double[] scores = new double[points.length];
        NoisySteps steps = new NoisySteps(count, dimension, seed);
        for (double sigma : levels.toArray()) {
            double alpha = step * sigma * sigma;
            for (int t = 0; t < stepsPerLevel; t++) {
                score.score(points, count, sigma, scores);
                steps.draw();
                steps.move(points, scores, alpha / 2, Math.sqrt(alpha));
            }
        }
        if (denoise) {
            double sigma = levels.smallest();
            score.score(points, count, sigma, scores);
            for (int i = 0; i < points.length; i++) {
                points[i] += sigma * sigma * scores[i];
            }
        }
        return points;
    }
}
