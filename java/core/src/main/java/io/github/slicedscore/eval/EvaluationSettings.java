package io.github.slicedscore.eval;

import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.sample.Sampler;
import java.util.Optional;

/**
 * What a {@link ModelReport} costs and draws.
 *
 * @param seed key of all random numbers
 * @param maxRows of more rows of a table, so many are used, chosen at random; at least 1
 * @param slices of the sliced losses
 * @param importance estimator of the normaliser
 * @param annealed the other one
 * @param stein test of the rows against the score
 * @param discrepancy test of the rows against samples
 * @param classifier the other one
 * @param mixtureComponents the most components of the mixture baseline, at least 1
 * @param sampler what draws the samples, which the tests take for independent; empty for
 *     {@link io.github.slicedscore.sample.Langevin#standard}, or for models with noise levels the probability flow
 */
public record EvaluationSettings(
        long seed,
        int maxRows,
        Slices slices,
        ImportanceSampling importance,
        AnnealedImportanceSampling annealed,
        SteinTest stein,
        MaximumMeanDiscrepancy discrepancy,
        ClassifierTwoSampleTest classifier,
        int mixtureComponents,
        Optional<Sampler> sampler) {
    /** Checks the ranges. */
    public EvaluationSettings {
        if (maxRows < 1) {
            throw new IllegalArgumentException("the most rows that are used are at least 1, not " + maxRows);
        }
        if (mixtureComponents < 1) {
            throw new IllegalArgumentException("a mixture has at least one component, not " + mixtureComponents);
        }
    }

    /**
     * Settings that take some ten seconds for a small energy and a few thousand rows: each method's own standard, at most 10,000
     * rows, and 16 Rademacher slices.
     *
     * @param seed key of all random numbers
     * @return the settings
     */
    public static EvaluationSettings standard(long seed) {
        return new EvaluationSettings(
                seed,
                10_000,
                new Slices(16, Projection.RADEMACHER),
                ImportanceSampling.standard(),
                AnnealedImportanceSampling.standard(),
                SteinTest.standard(),
                MaximumMeanDiscrepancy.standard(),
                ClassifierTwoSampleTest.standard(),
                16,
                Optional.empty());
    }

    /**
     * These settings with another limit of rows.
     *
     * @param rows the most rows that are used
     * @return the settings
     */
    public EvaluationSettings withMaxRows(int rows) {
        return new EvaluationSettings(
                seed, rows, slices, importance, annealed, stein, discrepancy, classifier, mixtureComponents, sampler);
    }

    /**
     * These settings with other estimators of the normaliser.
     *
     * @param sampling importance sampling
     * @param annealing annealed importance sampling
     * @return the settings
     */
    public EvaluationSettings withNormalizers(ImportanceSampling sampling, AnnealedImportanceSampling annealing) {
        return new EvaluationSettings(
                seed, maxRows, slices, sampling, annealing, stein, discrepancy, classifier, mixtureComponents, sampler);
    }

    /**
     * These settings with a sampler.
     *
     * @param chosen what draws the samples
     * @return the settings
     */
    public EvaluationSettings withSampler(Sampler chosen) {
        return new EvaluationSettings(
                seed,
                maxRows,
                slices,
                importance,
                annealed,
                stein,
                discrepancy,
                classifier,
                mixtureComponents,
                Optional.of(chosen));
    }
}
