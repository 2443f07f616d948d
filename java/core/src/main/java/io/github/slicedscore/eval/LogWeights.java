package io.github.slicedscore.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Importance weights by their logarithms; minus infinity is a weight of zero, and NaN and plus infinity count as that, with a
 * warning. All sums are relative to the largest weight.
 */
final class LogWeights {
    private static final double FEWEST_EFFECTIVE = 100;
    private static final double SMALLEST_SHARE = 0.01;
    private static final double LARGEST_WEIGHT = 0.05;

    /** Standard errors between the halves; more than these by chance once in 16,000 estimates. */
    private static final double HALVES_APART = 4;

    private final double[] logs;
    private final int invalid;

    LogWeights(double[] logs) {
        this.logs = logs.clone();
        int found = 0;
        for (int i = 0; i < logs.length; i++) {
            if (!(logs[i] < Double.POSITIVE_INFINITY)) {
                this.logs[i] = Double.NEGATIVE_INFINITY;
                found++;
            }
        }
        invalid = found;
    }

    /**
     * The estimate of log Z.
     *
     * @param found warnings that do not come from the weights; they stand first
     * @param mend what would give better weights
     */
    NormalizerEstimate estimate(List<String> found, String mend) {
        Sums all = sums(0, logs.length);
        List<String> warnings = new ArrayList<>(found);
        if (invalid > 0) {
            warnings.add("at " + invalid + " of " + logs.length
                    + " points the log-density is NaN or infinite; they were taken for points of density zero");
        }
        double effective = all.effective();
        if (effective < Math.max(FEWEST_EFFECTIVE, SMALLEST_SHARE * logs.length)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the %d weights are worth only %.1f equal ones, so the standard error itself is uncertain: %s",
                    logs.length,
                    effective,
                    mend));
        }
        if (all.sum > 0 && 1 / all.sum > LARGEST_WEIGHT) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "a single weight makes up %.0f %% of the sum, so a region that matters is hardly met: %s",
                    100 / all.sum,
                    mend));
        }
        Sums first = sums(0, logs.length / 2);
        Sums second = sums(logs.length / 2, logs.length);
        double difference = Math.abs(first.logMean() - second.logMean());
        if (!(difference <= HALVES_APART * Math.hypot(first.error(), second.error()))) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the two halves of the weights give log Z %.3f and %.3f, further apart than chance allows: %s",
                    first.logMean(),
                    second.logMean(),
                    mend));
        }
        return new NormalizerEstimate(all.logMean(), all.error(), effective, logs.length, warnings);
    }

    private Sums sums(int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, logs[i]);
        }
        double sum = 0;
        double squares = 0;
        if (largest > Double.NEGATIVE_INFINITY) {
            for (int i = from; i < to; i++) {
                double weight = Math.exp(logs[i] - largest);
                sum += weight;
                squares += weight * weight;
            }
        }
        return new Sums(to - from, largest, sum, squares);
    }

    /** Of the weights and their squares, each weight divided by the largest. */
    private record Sums(int count, double largest, double sum, double squares) {
        double logMean() {
            return largest + Math.log(sum / count);
        }

        double effective() {
            return sum == 0 ? 0 : sum * sum / squares;
        }

        /** Delta method: the relative standard error of the mean weight, sqrt((n / ESS - 1) / (n - 1)). */
        double error() {
            return Math.sqrt(Math.max(0, count / effective() - 1) / (count - 1));
        }
    }
}
