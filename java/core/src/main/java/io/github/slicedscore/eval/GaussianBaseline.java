package io.github.slicedscore.eval;

/**
 * The normal distribution with the mean and the full covariance of the rows (divided by their number: maximum likelihood). A
 * millionth of each column's variance is added to it, which keeps columns that depend on each other from a density without
 * bound, and changes the log-density of others by about D/2 millionths.
 */
public final class GaussianBaseline implements Baseline {
    static final String ID = "gaussian";

    private static final double RIDGE = 1e-6;

    private final NormalFit fit;
    private final int rows;

    private GaussianBaseline(NormalFit fit, int rows) {
        this.fit = fit;
        this.rows = rows;
    }

    /**
     * Fits rows.
     *
     * @param points [N, D] row-major
     * @param dimension D
     * @return the fit
     * @throws IllegalArgumentException if there are fewer than D + 2 rows, a column is constant, or a number is not finite
     */
    public static GaussianBaseline fit(double[] points, int dimension) {
        double[] ridge = BaselineRows.variances(points, dimension);
        for (int i = 0; i < dimension; i++) {
            ridge[i] *= RIDGE;
        }
        int rows = points.length / dimension;
        return new GaussianBaseline(NormalFit.of(points, BaselineRows.ones(rows), 0, 1, ridge), rows);
    }

    /** Mean and covariance. */
    NormalFit normal() {
        return fit;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "full covariance, " + rows + " rows";
    }

    @Override
    public int dimension() {
        return fit.dimension();
    }

    @Override
    public double logDensity(double[] points, int offset) {
        return fit.logDensity(points, offset);
    }
}
