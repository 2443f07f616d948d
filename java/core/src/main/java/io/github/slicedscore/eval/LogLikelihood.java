package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.sample.Density;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Mean log-likelihood of the rows of a table under an energy model, in nats a row and in the units of the data:
 *
 * <pre>mean over rows of   f((x - mean) / std, c) - sum over columns of log std - log Z(c)</pre>
 *
 * <p>Two things make it uncertain, and they are told apart: that the rows are a sample, which more rows mend, and that log Z is
 * an estimate, which more work mends. To compare two models on the same rows only the second counts in full.
 *
 * <p>Where the network's density is normalised, log Z = 0 exactly, and nothing is estimated.
 *
 * <p>A model with conditions has a normaliser for each, and one is estimated for each different condition of the rows: for a class
 * or a setting with a few values, not for a condition that is another number in every row.
 *
 * @param mean the mean log-likelihood
 * @param rows number of rows
 * @param samplingError standard error of the mean over the rows; NaN for a single row
 * @param normalizerError standard error that comes from log Z
 * @param normalizers the estimates of log Z in standardised units, one for each different condition of the rows, in the order
 *     of their first rows; a single one for a model without conditions, none where the density is normalised
 */
public record LogLikelihood(
        double mean, int rows, double samplingError, double normalizerError, List<NormalizerEstimate> normalizers) {
    /** Copies the list. */
    public LogLikelihood {
        normalizers = List.copyOf(normalizers);
    }

    /**
     * The log-likelihood of rows.
     *
     * @param energy the model
     * @param rows with the model's columns and conditions among their columns; a normaliser's estimator is guided by all of them,
     *     whatever their conditions
     * @param estimator estimates log Z
     * @param seed key of all random numbers
     * @return the log-likelihood
     * @throws IllegalArgumentException if the model is a score network, if there are fewer than D + 2 rows or more than 20
     *     different conditions, a column is missing, or rows are so far off that their log-density is minus infinity
     */
    public static LogLikelihood of(ScoreModel energy, Dataset rows, NormalizerEstimator estimator, long seed) {
        return of(energy, ModelRows.of(energy, rows), estimator, seed);
    }

    static LogLikelihood of(ScoreModel energy, ModelRows rows, NormalizerEstimator estimator, long seed) {
        if (!energy.hasDensity()) {
            String mend = energy.noiseLevels().isPresent()
                    ? "ask its probability flow, which has one (ProbabilityFlow)"
                    : "train an energy for that (--model energy, or EnergyMlp), or a score network with noise levels"
                            + " (--noise-levels), whose probability flow has one";
            throw new IllegalArgumentException(
                    "this model is a score network: it learned the gradient of the log-density and has no unnormalised one, so"
                            + " no likelihood comes from it by a normaliser; " + mend);
        }
        boolean normalized = energy.architecture().isNormalized();
        List<Conditions> conditions =
                normalized ? List.of() : Conditions.of(rows, energy.conditions(), "the normaliser is estimated");
        double[] logDensities = new double[rows.count()];
        energy.logDensity(rows.original(), rows.count(), logDensities);
        requireFinite(logDensities, rows);
        List<NormalizerEstimate> normalizers = new ArrayList<>();
        double[] points = rows.points();
        double error = 0;
        for (Conditions condition : conditions) {
            NormalizerEstimate normalizer =
                    estimator.estimate(Density.standardized(energy, condition.values()), points, seed);
            normalizers.add(normalizer);
            for (int row : condition.rows()) {
                logDensities[row] -= normalizer.logNormalizer();
            }
            // Estimates of one seed share their random numbers, so their errors may all have one sign.
            error += normalizer.standardError() * condition.rows().length / rows.count();
        }
        SampleMean mean = SampleMean.of(logDensities);
        return new LogLikelihood(mean.mean(), rows.count(), mean.standardError(), error, normalizers);
    }

    /** Of rows some 10^19 standard deviations away a mean would be minus infinity, and the proposals that they guide useless. */
    private static void requireFinite(double[] logDensities, ModelRows rows) {
        int[] lost = IntStream.range(0, logDensities.length)
                .filter(row -> !Double.isFinite(logDensities[row]))
                .map(rows::place)
                .sorted()
                .toArray();
        if (lost.length > 0) {
            throw new IllegalArgumentException(
                    "the log-density of %d of %d rows is below the range of single precision, so far are they from the model's data; the first is row %d (counted from 0); leave such rows out"
                            .formatted(lost.length, logDensities.length, lost[0]));
        }
    }

    /**
     * Both errors together.
     *
     * @return the root of the sum of their squares
     */
    public double standardError() {
        return Math.hypot(samplingError, normalizerError);
    }

    /**
     * Why the value is not to be trusted.
     *
     * @return the warnings of all normalisers, each once; empty where nothing speaks against it
     */
    public List<String> warnings() {
        return normalizers.stream()
                .flatMap(normalizer -> normalizer.warnings().stream())
                .distinct()
                .toList();
    }
}
