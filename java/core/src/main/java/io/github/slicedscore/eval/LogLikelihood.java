package io.github.slicedscore.eval;

import java.util.List;

/**
 * Mean log-likelihood of the rows of a table under an energy model, in nats a row and in the units of the data:
 *
 * <pre>mean over rows of   f((x - mean) / std, c) - sum over columns of log std - log Z(c)</pre>
 *
 * <p>Two things make it uncertain, and they are told apart: that the rows are a sample, which more rows mend, and that log Z is
 * an estimate, which more work mends. To compare two models on the same rows only the second counts in full.
 *
 * @param mean the mean log-likelihood
 * @param rows number of rows
 * @param samplingError standard error of the mean over the rows; NaN for a single row
 * @param normalizerError standard error that comes from log Z
 * @param normalizers the estimates of log Z in standardised units, one for each different condition of the rows, in the order
 *     of their first rows; a single one for a model without conditions
 */
public record LogLikelihood(
        double mean, int rows, double samplingError, double normalizerError, List<NormalizerEstimate> normalizers) {
    /** Copies the list. */
    public LogLikelihood {
        normalizers = List.copyOf(normalizers);
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
