package io.github.slicedscore.eval;

/**
 * The distance from the mean of rows in units of their spread, which a model should beat at telling unusual rows:
 *
 * <pre>d(x)^2 = (x - m)^T S^-1 (x - m),      m and S mean and covariance of the rows fitted</pre>
 *
 * <p>It ranks rows as {@link GaussianBaseline}'s density does. Immutable.
 *
 * <h2>References</h2>
 * <ol>
 * <li>P. Mahalanobis. On the generalised distance in statistics. Proceedings of the National Institute of Sciences of India
 *     1936.</li>
 * </ol>
 */
public final class MahalanobisDistance {
    private final NormalFit fit;

    private MahalanobisDistance(NormalFit fit) {
        this.fit = fit;
    }

    /**
     * Fits rows.
     *
     * @param points [N, D] row-major
     * @param dimension D
     * @return the distance
     * @throws IllegalArgumentException if there are fewer than D + 2 rows, a column is constant, or a number is not finite
     */
    public static MahalanobisDistance fit(double[] points, int dimension) {
        return new MahalanobisDistance(GaussianBaseline.fit(points, dimension).normal());
    }

    /**
     * The distances of rows.
     *
     * @param points [N, D] row-major, in the units fitted in
     * @return d of each, [N]
     * @throws IllegalArgumentException if the array holds no whole rows, or a number is not finite
     */
    public double[] of(double[] points) {
        double[] distances = new double[Points.requireFinite("points", points, fit.dimension())];
        for (int row = 0; row < distances.length; row++) {
            distances[row] = Math.sqrt(fit.squaredDistance(points, row * fit.dimension()));
        }
        return distances;
    }
}
