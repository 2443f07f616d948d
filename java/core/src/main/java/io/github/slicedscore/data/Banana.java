package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;

/**
 * A normal distribution bent along a parabola, the twisted Gaussian on which samplers are tried: from y ~ N(0, diag(a^2, 1,
 * ..., 1)),
 *
 * <pre>
 * x1 = y1,   x2 = y2 + b (y1^2 - a^2),   x_i = y_i otherwise
 * r(x)       = x2 - b (x1^2 - a^2)
 * log p(x)   = -x1^2 / (2 a^2) - r^2 / 2 - sum_{i &gt; 2} x_i^2 / 2 - log a - D/2 log(2 pi)
 * score(x)   = (-x1 / a^2 + 2 b x1 r, -r, -x3, ..., -x_D)
 * </pre>
 *
 * <p>The bend preserves volume, so the normaliser is the Gaussian's. Its mean is 0, its covariance diag(a^2, 1 + 2 b^2 a^4, 1,
 * ..., 1).
 *
 * <p>Reference: Haario, Saksman and Tamminen (1999), Adaptive proposal distribution for random walk Metropolis algorithm, whose
 * x2 runs the other way.
 *
 * @param dimension D, at least 2
 * @param deviation a, the standard deviation of x1, positive
 * @param curvature b; 0 leaves a normal distribution
 */
public record Banana(int dimension, double deviation, double curvature) implements ToyDistribution {
    /** Checks the ranges. */
    public Banana {
        if (dimension < 2) {
            throw new IllegalArgumentException("a banana lies in 2 dimensions or more, not " + dimension);
        }
        ToyChecks.requirePositive("a banana's deviation", deviation);
        if (!Double.isFinite(curvature)) {
            throw new IllegalArgumentException("a banana's curvature is a finite number, not " + curvature);
        }
    }

    /**
     * A banana in two dimensions whose columns have variances of 1 and 3.
     *
     * @return a = 1, b = 1
     */
    public static Banana standard() {
        return new Banana(2, 1, 1);
    }

    @Override
    public String id() {
        return "banana";
    }

    @Override
    public double logDensity(double[] x) {
        double r = residual(x);
        double square = x[0] / deviation * (x[0] / deviation) + r * r;
        for (int i = 2; i < dimension; i++) {
            square += x[i] * x[i];
        }
        return -0.5 * square - Math.log(deviation) - 0.5 * dimension * Math.log(2 * Math.PI);
    }

    @Override
    public void score(double[] x, double[] into) {
        double r = residual(x);
        into[0] = -x[0] / (deviation * deviation) + 2 * curvature * x[0] * r;
        into[1] = -r;
        for (int i = 2; i < dimension; i++) {
            into[i] = -x[i];
        }
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        Normals.fill(philox, seed, row, 0, into);
        into[0] *= deviation;
        into[1] += bend(into[0]);
    }

    /** y2 of x. */
    private double residual(double[] x) {
        return x[1] - bend(x[0]);
    }

    private double bend(double x1) {
        return curvature * (x1 * x1 - deviation * deviation);
    }
}
