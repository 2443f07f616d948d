package io.github.slicedscore.eval;

import io.github.slicedscore.math.Cholesky;

/**
 * Mean and covariance of weighted points, as a normal or a Student-t density. Immutable.
 *
 * <pre>
 * covariance = sum_i r_i (x_i - mean) (x_i - mean)^T / sum_i r_i + diag(ridge)
 * </pre>
 */
final class NormalFit {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    private final double[] mean;
    private final Cholesky cholesky;
    private final double logDeterminant;

    private NormalFit(double[] mean, Cholesky cholesky) {
        this.mean = mean;
        this.cholesky = cholesky;
        logDeterminant = cholesky.logDeterminant();
    }

    /**
     * Fits weighted points.
     *
     * @param points [count, dimension] row-major
     * @param weights r, one every stride numbers from the offset on; their sum is positive
     * @param ridge added to the variance of each column, positive
     */
    static NormalFit of(double[] points, double[] weights, int offset, int stride, double[] ridge) {
        int dimension = ridge.length;
        int count = points.length / dimension;
        double[] mean = new double[dimension];
        double sum = 0;
        for (int row = 0; row < count; row++) {
            double weight = weights[offset + row * stride];
            sum += weight;
            for (int i = 0; i < dimension; i++) {
                mean[i] += weight * points[row * dimension + i];
            }
        }
        for (int i = 0; i < dimension; i++) {
            mean[i] /= sum;
        }
        double[][] covariance = new double[dimension][dimension];
        double[] centred = new double[dimension];
        for (int row = 0; row < count; row++) {
            double weight = weights[offset + row * stride] / sum;
            if (weight == 0) {
                continue;
            }
            for (int i = 0; i < dimension; i++) {
                centred[i] = points[row * dimension + i] - mean[i];
            }
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += weight * centred[i] * centred[j];
                }
            }
        }
        for (int i = 0; i < dimension; i++) {
            covariance[i][i] += ridge[i];
            for (int j = 0; j < i; j++) {
                covariance[j][i] = covariance[i][j];
            }
        }
        return new NormalFit(mean, new Cholesky(covariance));
    }

    /** log N(x; mean, covariance) of the row that begins at the offset. */
    double logDensity(double[] points, int offset) {
        return -0.5 * (mean.length * LOG_TWO_PI + logDeterminant + squaredDistance(points, offset));
    }

    /** (x - mean)^T covariance^-1 (x - mean) of the row that begins at the offset. */
    double squaredDistance(double[] points, int offset) {
        double[] white = new double[mean.length];
        whiten(points, offset, white);
        double square = 0;
        for (double component : white) {
            square += component * component;
        }
        return square;
    }

    /** L^-1 (x - mean), L the covariance's factor. */
    void whiten(double[] points, int offset, double[] white) {
        for (int i = 0; i < mean.length; i++) {
            white[i] = points[offset + i] - mean[i];
        }
        cholesky.solveLower(white);
    }

    /** x &lt;- mean + L x. */
    void colour(double[] x) {
        cholesky.multiply(x);
        for (int i = 0; i < mean.length; i++) {
            x[i] += mean[i];
        }
    }

    /** log det covariance. */
    double logDeterminant() {
        return logDeterminant;
    }

    int dimension() {
        return mean.length;
    }
}
