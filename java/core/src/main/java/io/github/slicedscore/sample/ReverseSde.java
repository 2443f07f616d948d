package io.github.slicedscore.sample;

import io.github.slicedscore.model.NoiseLevels;

/**
 * The variance-exploding diffusion run backwards, for models trained with noise levels, in standardised units: a predictor
 * takes noise off step by step, and a corrector of Langevin steps mends each step's error. On a grid of noise levels that falls
 * geometrically from the model's largest to its smallest:
 *
 * <pre>
 * x ~ N(0, (1 + sigma_0^2) I)
 * for i = 1 .. N:
 *     predictor      d = sigma_{i-1}^2 - sigma_i^2,      x = x + d s(x, sigma_{i-1}) + d^(1/2) xi
 *     corrector, so many times      e = 2 r^2 sigma_i^2,         x = x + e s(x, sigma_i) + (2 e)^(1/2) xi
 * </pre>
 *
 * <p>xi ~ N(0, I). The predictor is the reverse diffusion of appendix E; it is Euler and Maruyama's step in sigma^2.
 *
 * <p>The corrector departs from the paper's algorithm 4, whose step is e = 2 (r |xi| / |g|)^2, g = s(x, sigma_i), with means of
 * the lengths over all samples of a run. There samples depend on those beside them, and of few samples in few columns |g| comes
 * near 0 and a step throws them out. For data with less variance than the noise, as most directions of images have, |g| is
 * about |xi| / sigma, and the paper's step is the one here. This one holds for all data: the score of p_sigma falls by at most
 * 1/sigma^2 a unit, so the step is stable for r &lt; 1, and where it settles it makes a variance V &gt;= sigma^2 too large by
 * V / (1 - r^2 sigma^2 / V) - V, a share of r^2 / (1 - r^2) at most. Data of much more variance than the noise are mended less
 * than by the paper's step.
 *
 * <p>Samples are of p_sigma at the smallest level. Cost: {@code steps} (1 + {@code correctorSteps}) evaluations of the score at
 * all samples.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, J. Sohl-Dickstein, D. Kingma, A. Kumar, S. Ermon, B. Poole. Score-based generative modeling through stochastic
 *     differential equations. ICLR 2021, algorithms 2 and 4, appendices E and G.</li>
 * </ol>
 *
 * @param steps N, at least 1
 * @param correctorSteps corrector steps after each predictor step; 0 for none
 * @param signalToNoise r, positive and less than 1: longer corrector steps, which mend more and err more
 */
public record ReverseSde(int steps, int correctorSteps, double signalToNoise) implements NoisedSampler {
    /** Checks the ranges. */
    public ReverseSde {
        if (steps < 1) {
            throw new IllegalArgumentException("the reverse diffusion takes at least one step, not " + steps);
        }
        if (correctorSteps < 0) {
            throw new IllegalArgumentException("corrector steps are 0 (none) or more, not " + correctorSteps);
        }
        if (!(signalToNoise > 0 && signalToNoise < 1)) {
            throw new IllegalArgumentException(
                    "the corrector's signal-to-noise ratio is a positive number less than 1, not " + signalToNoise);
        }
    }

    /**
     * The paper's settings, with fewer steps, as for data of few columns.
     *
     * @return 500 steps, each with one corrector step of ratio 0.16
     */
    public static ReverseSde standard() {
        return new ReverseSde(500, 1, 0.16);
    }

    @Override
    public double[] draw(NoisedScore score, int count, long seed) {
        StandardUnits.requireCount(count);
        NoiseLevels ends = score.levels();
        double[] grid = new NoiseLevels(ends.largest(), ends.smallest(), steps + 1).toArray();
        int dimension = score.dimension();
        double[] points = StandardUnits.noisiest(score, count, seed);
        double[] scores = new double[points.length];
        NoisySteps noisy = new NoisySteps(count, dimension, seed);
        for (int i = 1; i <= steps; i++) {
            double removed = grid[i - 1] * grid[i - 1] - grid[i] * grid[i];
            score.score(points, count, grid[i - 1], scores);
            noisy.draw();
            noisy.move(points, scores, removed, Math.sqrt(removed));
            for (int t = 0; t < correctorSteps; t++) {
                score.score(points, count, grid[i], scores);
                double step = 2 * signalToNoise * signalToNoise * grid[i] * grid[i];
                noisy.draw();
                noisy.move(points, scores, step, Math.sqrt(2 * step));
            }
        }
        return points;
    }
}
