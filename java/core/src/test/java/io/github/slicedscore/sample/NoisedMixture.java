package io.github.slicedscore.sample;

import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.model.NoiseLevels;

/**
 * The exact scores of a noised Gaussian mixture: the mixture of variances deviation^2 + sigma^2, with
 *
 * <pre>J = sum_k r_k (g_k g_k^T - diag(1/variance_k)) - s s^T,      g_k = (mean_k - x)/variance_k</pre>
 */
record NoisedMixture(GaussianMixture mixture, NoiseLevels levels) implements NoisedScore {
    @Override
    public int dimension() {
        return mixture.dimension();
    }

    /** p_sigma. */
    GaussianMixture noised(double sigma) {
        double[][] deviations = mixture.deviations();
        for (double[] row : deviations) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.hypot(row[i], sigma);
            }
        }
        return new GaussianMixture(mixture.weights(), mixture.means(), deviations);
    }

    @Override
    public void score(double[] points, int count, double sigma, double[] into) {
        Density.of(noised(sigma)).evaluate(points, count, null, into);
    }

    @Override
    public void jvp(double[] points, double[] directions, int count, double sigma, double[] into) {
        int dimension = dimension();
        GaussianMixture noised = noised(sigma);
        double[][] means = noised.means();
        double[][] deviations = noised.deviations();
        double[] weights = noised.weights();
        double[] x = new double[dimension];
        double[] score = new double[dimension];
        for (int row = 0; row < count; row++) {
            int at = row * dimension;
            System.arraycopy(points, at, x, 0, dimension);
            noised.score(x, score);
            double logDensity = noised.logDensity(x);
            double along = 0;
            for (int i = 0; i < dimension; i++) {
                along += score[i] * directions[at + i];
            }
            for (int i = 0; i < dimension; i++) {
                into[at + i] = -score[i] * along;
            }
            for (int k = 0; k < weights.length; k++) {
                double logComponent = Math.log(weights[k]);
                double slope = 0;
                for (int i = 0; i < dimension; i++) {
                    double z = (means[k][i] - x[i]) / deviations[k][i];
                    logComponent -= 0.5 * z * z + Math.log(deviations[k][i]) + 0.5 * Math.log(2 * Math.PI);
                    slope += z / deviations[k][i] * directions[at + i];
                }
                double share = Math.exp(logComponent - logDensity);
                for (int i = 0; i < dimension; i++) {
                    double variance = deviations[k][i] * deviations[k][i];
                    double g = (means[k][i] - x[i]) / variance;
                    into[at + i] += share * (g * slope - directions[at + i] / variance);
                }
            }
        }
    }
}
