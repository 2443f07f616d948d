package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import java.util.Optional;

/** A way to draw samples from models with noise levels: it goes from the largest level, where data look like noise, to the smallest. */
public sealed interface NoisedSampler extends Sampler permits AnnealedLangevin, ProbabilityFlow, ReverseSde {
    /**
     * Samples of a noised score, in its own units.
     *
     * @param score at every level
     * @param count number of samples, at least 1
     * @param seed key of all random numbers
     * @return points, [count, D] row-major
     * @throws SamplingException if the samples are of no use
     */
    double[] draw(NoisedScore score, int count, long seed);

    /**
     * {@inheritDoc}
     *
     * <p>Samples are independent, so there are no diagnostics.
     */
    @Override
    default Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        return restored(model, draw(NoisedScore.standardized(model, conditions), count, seed), count);
    }

    @Override
    default Samples drawEach(ScoreModel model, double[] conditions, long seed) {
        int count = StandardUnits.requireEach(model, conditions);
        return restored(model, draw(NoisedScore.standardizedEach(model, conditions), count, seed), count);
    }

    private static Samples restored(ScoreModel model, double[] points, int count) {
        return new Samples(StandardUnits.restore(model, points, count, StandardUnits.LONG_STEPS), Optional.empty());
    }
}
