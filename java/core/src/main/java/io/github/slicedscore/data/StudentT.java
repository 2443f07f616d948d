package io.github.slicedscore.data;

import io.github.slicedscore.math.Cholesky;
import io.github.slicedscore.math.LogGamma;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * The multivariate Student distribution, whose tails are heavy: with n degrees of freedom, scale matrix S and
 * d(x) = (x - location)^T S^-1 (x - location),
 *
 * <pre>
 * p(x)     = Gamma((n + D)/2) / (Gamma(n/2) (n pi)^(D/2) |S|^(1/2)) (1 + d(x)/n)^(-(n + D)/2)
 * score(x) = -(n + D) / (n + d(x)) S^-1 (x - location)
 * </pre>
 *
 * <p>Its covariance is n / (n - 2) S. Far out the score falls off as 1/|x|, where a normal distribution's grows. Points are
 * location + L z / sqrt(g / n) with L L^T = S, z ~ N(0, I) and g ~ chi^2 with n degrees of freedom.
 *
 * <p>References: Kotz and Nadarajah (2004), Multivariate t Distributions and Their Applications, equation (1.1); Marsaglia and
 * Tsang (2000), A simple method for generating gamma variables.
 */
public final class StudentT implements ToyDistribution {
    private final double freedom;
    private final double[] location;
    private final double[][] scale;
    private final Cholesky cholesky;
    private final double logNormalizer;

    /**
     * A Student distribution.
     *
     * @param freedom n, more than 2, so that there is a covariance
     * @param location length D, at least 1
     * @param scale S, [D][D], symmetric and positive definite
     * @throws IllegalArgumentException if the sizes differ, n is 2 or less, or the scale matrix is none
     */
    public StudentT(double freedom, double[] location, double[][] scale) {
        if (!(freedom > 2 && freedom < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Student's degrees of freedom are a number above 2, not %s: with fewer there is no covariance"
                            .formatted(freedom));
        }
        if (location.length == 0 || location.length != scale.length) {
            throw new IllegalArgumentException("a location of %d numbers does not go with a scale matrix of %d rows"
                    .formatted(location.length, scale.length));
        }
        this.cholesky = new Cholesky(scale);
        this.freedom = freedom;
        this.location = location.clone();
        this.scale = Matrices.copy(scale);
        int dimension = location.length;
        this.logNormalizer = LogGamma.of((freedom + dimension) / 2)
                - LogGamma.of(freedom / 2)
                - 0.5 * (dimension * Math.log(freedom * Math.PI) + cholesky.logDeterminant());
    }

    /**
     * A distribution in two dimensions with correlated columns and tails as heavy as have a fourth moment.
     *
     * @return n = 5, location 0, S = [[1, 0.5], [0.5, 1]]
     */
    public static StudentT standard() {
        return new StudentT(5, new double[2], new double[][] {{1, 0.5}, {0.5, 1}});
    }

    /**
     * The degrees of freedom.
     *
     * @return n, more than 2
     */
    public double freedom() {
        return freedom;
    }

    /**
     * The centre, which is the mean.
     *
     * @return a copy, length D
     */
    public double[] location() {
        return location.clone();
    }

    /**
     * The scale matrix S; the covariance is n / (n - 2) times it.
     *
     * @return a copy, [D][D]
     */
    public double[][] scale() {
        return Matrices.copy(scale);
    }

    @Override
    public String id() {
        return "student-t";
    }

    @Override
    public int dimension() {
        return location.length;
    }

    @Override
    public double logDensity(double[] x) {
        double[] white = new double[location.length];
        return logNormalizer - 0.5 * (freedom + location.length) * Math.log1p(whiten(x, white) / freedom);
    }

    @Override
    public void score(double[] x, double[] into) {
        double square = whiten(x, into);
        cholesky.solveUpper(into);
        double factor = -(freedom + location.length) / (freedom + square);
        for (int i = 0; i < location.length; i++) {
            into[i] *= factor;
        }
    }

    /** L^-1 (x - location) goes into an array; returns its square, d(x). */
    private double whiten(double[] x, double[] into) {
        for (int i = 0; i < location.length; i++) {
            into[i] = x[i] - location[i];
        }
        cholesky.solveLower(into);
        double square = 0;
        for (double component : into) {
            square += component * component;
        }
        return square;
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        Normals.fill(philox, seed, row, 0, into);
        cholesky.multiply(into);
        double stretch = 1 / Math.sqrt(2 * halfChiSquare(philox, seed, row) / freedom);
        for (int i = 0; i < location.length; i++) {
            into[i] = location[i] + stretch * into[i];
        }
    }

    /** A draw from Gamma(n/2, 1): a cube of a shifted normal, accepted with a chance that makes it exact (0.95 or more). */
    private double halfChiSquare(Philox philox, long seed, int row) {
        double d = freedom / 2 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        for (int attempt = 1; ; attempt++) {
            // Slice 0 has the normals of the point.
            philox.draw(seed, row, 0, RandomStream.TOY, attempt, 0);
            double z = philox.normal(0);
            double root = 1 + c * z;
            double cube = root * root * root;
            if (root > 0 && StrictMath.log(philox.uniform(2)) < z * z / 2 + d * (1 - cube + StrictMath.log(cube))) {
                return d * cube;
            }
        }
    }

    @Override
    public String toString() {
        return "StudentT[" + freedom + " degrees of freedom, " + location.length + " dimensions]";
    }
}
