package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * log Z of an unnormalised log-density by importance sampling from N(0, s^2 I), as the paper has it for DKEF:
 *
 * <pre>log Z = log mean_i exp(f(x_i) - log q(x_i)),      x_i ~ q</pre>
 *
 * @param logNormalizer log Z
 * @param standardError of log Z, from the spread of the weights
 * @param effectiveDraws (sum w)^2 / sum w^2
 */
record ImportanceSampling(double logNormalizer, double standardError, double effectiveDraws) {
    /** Standard deviation of the proposal. */
    private static final double DEVIATION = 2;

    private static final int CHUNK = 4096;

    /**
     * Estimates log Z.
     *
     * @param scorer of the energy
     * @param draws how many
     * @param seed key of the random numbers
     */
    static ImportanceSampling of(Scorer scorer, int draws, long seed) {
        int dimension = scorer.architecture().dimension();
        Philox philox = new Philox();
        float[] points = new float[CHUNK * dimension];
        float[] values = new float[CHUNK];
        double[] logWeights = new double[draws];
        double constant = dimension * (Math.log(DEVIATION) + 0.5 * Math.log(2 * Math.PI));
        double largest = Double.NEGATIVE_INFINITY;
        for (int from = 0; from < draws; from += CHUNK) {
            int count = Math.min(CHUNK, draws - from);
            for (int i = 0; i < count; i++) {
                philox.normals(seed, from + i, RandomStream.PROPOSAL, 0, 0, points, i * dimension, (i + 1) * dimension);
            }
            double[] logProposal = new double[count];
            for (int i = 0; i < count; i++) {
                double square = 0;
                for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                    square += (double) points[k] * points[k];
                    points[k] *= (float) DEVIATION;
                }
                logProposal[i] = -0.5 * square - constant;
            }
            scorer.evaluate(points, count, values, null);
            for (int i = 0; i < count; i++) {
                logWeights[from + i] = values[i] - logProposal[i];
                largest = Math.max(largest, logWeights[from + i]);
            }
        }
        double sum = 0;
        double squares = 0;
        for (double logWeight : logWeights) {
            double weight = Math.exp(logWeight - largest);
            sum += weight;
            squares += weight * weight;
        }
        double mean = sum / draws;
        double variance = squares / draws - mean * mean;
        return new ImportanceSampling(
                largest + Math.log(mean), Math.sqrt(variance / draws) / mean, sum * sum / squares);
    }
}
