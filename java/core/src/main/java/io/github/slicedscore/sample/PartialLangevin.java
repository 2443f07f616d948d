package io.github.slicedscore.sample;

import io.github.slicedscore.model.NoiseLevels;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Langevin dynamics on some columns of each chain, without rejections, for models without a density.
 *
 * <p>The warm-up's steps fall linearly, or, where the model knows noise levels, follow these from the largest to the smallest, as
 * {@link AnnealedLangevin} does; the columns that stand still do so without noise at every level, which is right at the last
 * one only.
 */
final class PartialLangevin implements PartialChains {
    private static final double FIRST_STEP = 0.05;
    private static final double LAST_STEP = 0.01;

    /** In squared deviations of a level's noise. */
    private static final double LEVEL_STEP = 0.5;

    private final JointDensity density;
    private final Optional<NoiseLevels> levels;
    private final double[] points;
    private final boolean[] walks;
    private final double[] scores;
    private final int count;
    private final NoisySteps noisy;

    /**
     * Chains at their starting points.
     *
     * @param starts [chains, D] row-major; moved in place
     * @param walks whether a column of a chain walks, [chains, D]
     */
    PartialLangevin(JointDensity density, Optional<NoiseLevels> levels, double[] starts, boolean[] walks, long seed) {
        this.density = density;
        this.levels = levels;
        this.walks = walks;
        points = starts;
        scores = new double[starts.length];
        count = starts.length / density.dimension();
        noisy = new NoisySteps(count, density.dimension(), seed);
    }

    @Override
    public double[] points() {
        return points;
    }

    /** At the smallest level the steps are short. */
    @Override
    public int states(int draws) {
        return levels.isPresent() ? 1 : draws;
    }

    @Override
    public boolean mixes() {
        return false;
    }

    @Override
    public OptionalDouble acceptance() {
        return OptionalDouble.empty();
    }

    @Override
    public void warmUp(int transitions) {
        for (int t = 0; t < transitions; t++) {
            if (levels.isPresent()) {
                NoiseLevels known = levels.get();
                atLevel(known.level((int) ((long) t * known.count() / transitions)));
            } else {
                move(0, FIRST_STEP + (LAST_STEP - FIRST_STEP) * t / transitions);
            }
        }
    }

    @Override
    public void advance(int transitions) {
        for (int t = 0; t < transitions; t++) {
            if (levels.isPresent()) {
                atLevel(levels.get().smallest());
            } else {
                move(0, LAST_STEP);
            }
        }
    }

    private void atLevel(double sigma) {
        move(sigma, LEVEL_STEP * sigma * sigma);
    }

    private void move(double sigma, double step) {
        density.evaluate(points, count, sigma, null, scores);
        double[] noise = noisy.draw();
        for (int i = 0; i < scores.length; i++) {
            if (!walks[i]) {
                scores[i] = 0;
                noise[i] = 0;
            }
        }
        noisy.move(points, scores, step / 2, Math.sqrt(step));
    }
}
