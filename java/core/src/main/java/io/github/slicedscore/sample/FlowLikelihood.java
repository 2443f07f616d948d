package io.github.slicedscore.sample;

/**
 * Log-likelihoods that a probability flow gave.
 *
 * @param values log p of each row, [count]
 * @param standardErrors standard error of each by the choice of the probes, [count]; 0 for the exact divergence. That of the
 *     flow's steps, which its tolerance bounds, and the model's own are not in it
 * @param evaluations how often the score of all rows was evaluated
 */
public record FlowLikelihood(double[] values, double[] standardErrors, int evaluations) {
    /**
     * The mean over the rows.
     *
     * @return mean of log p
     */
    public double mean() {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
