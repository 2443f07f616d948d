package io.github.slicedscore.data;

import io.github.slicedscore.math.Cholesky;
import io.github.slicedscore.math.Philox;

/**
 * The normal distribution N(mean, covariance), with
 *
 * <pre>score(x) = -covariance^-1 (x - mean)</pre>
 */
public final class Gaussian implements ToyDistribution {
    private final double[] mean;
    private final double[][] covariance;
    private final Cholesky cholesky;
    private final double logNormalizer;

    /**
     * A normal distribution.
     *
     * @param mean length D, at least 1
     * @param covariance [D][D], symmetric and positive definite
     * @throws IllegalArgumentException if the sizes differ or the covariance is none
     */
    public Gaussian(double[] mean, double[][] covariance) {
        if (mean.length == 0 || mean.length != covariance.length) {
            throw new IllegalArgumentException("a mean of %d numbers does not go with a covariance of %d rows"
                    .formatted(mean.length, covariance.length));
        }
        this.cholesky = new Cholesky(covariance);
        this.mean = mean.clone();
        this.covariance = Matrices.copy(covariance);
        this.logNormalizer = -0.5 * (mean.length * Math.log(2 * Math.PI) + cholesky.logDeterminant());
    }

    /**
     * A normal distribution in two dimensions with correlated columns of different widths.
     *
     * @return mean (1, -2), covariance [[2, 0.6], [0.6, 0.5]]
     */
    public static Gaussian standard() {
        return new Gaussian(new double[] {1, -2}, new double[][] {{2, 0.6}, {0.6, 0.5}});
    }

    /**
     * The distribution of x + sigma e, e ~ N(0, I): N(mean, covariance + sigma^2 I).
     *
     * @param sigma standard deviation of the noise, 0 or positive
     * @return the blurred distribution
     */
    public Gaussian noised(double sigma) {
        double variance = ToyChecks.noiseVariance(sigma);
        double[][] wider = covariance();
        for (int i = 0; i < wider.length; i++) {
            wider[i][i] += variance;
        }
        return new Gaussian(mean, wider);
    }

    /**
     * The mean.
     *
     * @return a copy, length D
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * The covariance.
     *
     * @return a copy, [D][D]
     */
    public double[][] covariance() {
        return Matrices.copy(covariance);
    }

    @Override
    public String id() {
        return "gaussian";
    }

    @Override
    public int dimension() {
        return mean.length;
    }

    @Override
    public double logDensity(double[] x) {
        double[] white = new double[mean.length];
        subtractMean(x, white);
        cholesky.solveLower(white);
        double square = 0;
        for (double component : white) {
            square += component * component;
        }
        return logNormalizer - 0.5 * square;
    }

    @Override
    public void score(double[] x, double[] into) {
        subtractMean(x, into);
        cholesky.solveLower(into);
        cholesky.solveUpper(into);
        for (int i = 0; i < into.length; i++) {
            into[i] = -into[i];
        }
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        Normals.fill(philox, seed, row, 0, into);
        cholesky.multiply(into);
        for (int i = 0; i < mean.length; i++) {
            into[i] += mean[i];
        }
    }

    private void subtractMean(double[] x, double[] into) {
        for (int i = 0; i < mean.length; i++) {
            into[i] = x[i] - mean[i];
        }
    }

    @Override
    public String toString() {
        return "Gaussian[" + mean.length + " dimensions]";
    }
}
