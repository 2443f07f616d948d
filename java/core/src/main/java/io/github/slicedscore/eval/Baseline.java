package io.github.slicedscore.eval;

/**
 * A simple normalised density fitted to rows, to compare a model's log-likelihood with. Immutable, safe for concurrent use.
 */
public sealed interface Baseline permits GaussianBaseline, MixtureBaseline, KernelDensityBaseline {
    /**
     * The name in tables.
     *
     * @return lower-case name
     */
    String id();

    /**
     * What was fitted, for people.
     *
     * @return a few words
     */
    String description();

    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    int dimension();

    /**
     * The normalised log-density of a point.
     *
     * @param points rows in the units fitted in
     * @param offset where the point begins
     * @return log p(x)
     */
    double logDensity(double[] points, int offset);

    /**
     * The normalised log-density of a point.
     *
     * @param point x, length D
     * @return log p(x)
     */
    default double logDensity(double... point) {
        if (point.length != dimension()) {
            throw new IllegalArgumentException("a point has " + dimension() + " numbers, not " + point.length);
        }
        return logDensity(point, 0);
    }

    /**
     * The normalised log-densities of points.
     *
     * @param points [N, D] row-major
     * @return log p(x), [N]
     * @throws IllegalArgumentException if the array holds no whole rows, or a number is not finite
     */
    default double[] logDensities(double[] points) {
        double[] logDensities = new double[Points.requireFinite("points", points, dimension())];
        for (int row = 0; row < logDensities.length; row++) {
            logDensities[row] = logDensity(points, row * dimension());
        }
        return logDensities;
    }
}
