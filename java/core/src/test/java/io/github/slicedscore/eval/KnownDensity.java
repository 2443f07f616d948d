package io.github.slicedscore.eval;

import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.sample.Density;
import org.jspecify.annotations.Nullable;

/** A normalised density times exp(logNormalizer), so that its log-normaliser is that. */
record KnownDensity(Density normalized, double logNormalizer) implements Density {
    static KnownDensity of(ToyDistribution distribution, double logNormalizer) {
        return new KnownDensity(Density.of(distribution), logNormalizer);
    }

    @Override
    public int dimension() {
        return normalized.dimension();
    }

    @Override
    public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
        normalized.evaluate(points, count, logDensities, scores);
        if (logDensities != null) {
            for (int i = 0; i < count; i++) {
                logDensities[i] += logNormalizer;
            }
        }
    }
}
