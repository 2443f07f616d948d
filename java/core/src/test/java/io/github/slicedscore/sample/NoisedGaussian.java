package io.github.slicedscore.sample;

import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.model.NoiseLevels;

/** The exact scores of a noised normal distribution with mean 0: those of the covariance plus sigma^2 I. */
record NoisedGaussian(double[][] covariance, NoiseLevels levels) implements NoisedScore {
    @Override
    public int dimension() {
        return covariance.length;
    }

    /** p_sigma. */
    Gaussian noised(double sigma) {
        double[][] sum = new double[dimension()][];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = covariance[i].clone();
            sum[i][i] += sigma * sigma;
        }
        return new Gaussian(new double[dimension()], sum);
    }

    @Override
    public void score(double[] points, int count, double sigma, double[] into) {
        Density.of(noised(sigma)).evaluate(points, count, null, into);
    }

    /** The score is linear, so J v is the score at v. */
    @Override
    public void jvp(double[] points, double[] directions, int count, double sigma, double[] into) {
        score(directions, count, sigma, into);
    }
}
