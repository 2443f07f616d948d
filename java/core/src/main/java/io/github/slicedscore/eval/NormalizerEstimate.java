package io.github.slicedscore.eval;

import java.util.List;

/**
 * An estimate of the log-normaliser of an unnormalised log-density f,
 *
 * <pre>log Z = log of the integral of exp f(x) dx,      estimated by   log mean_i w_i</pre>
 *
 * <p>from weights w_i whose expectation is Z. Z itself is estimated without bias, so log Z a little too low, by about half the
 * square of the standard error.
 *
 * @param logNormalizer log Z, in nats and in the units of f's points: standardised ones for a network
 * @param standardError standard error of log Z by the delta method, sd(w) / (sqrt(n) mean(w))
 * @param effectiveSampleSize (sum w)^2 / sum w^2, between 1 and n
 * @param samples n, number of weights
 * @param warnings why the estimate is not to be trusted, one sentence each; empty where nothing speaks against it
 */
public record NormalizerEstimate(
        double logNormalizer, double standardError, double effectiveSampleSize, int samples, List<String> warnings) {
    /** Copies the warnings. */
    public NormalizerEstimate {
        warnings = List.copyOf(warnings);
    }
}
