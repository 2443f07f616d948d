package io.github.slicedscore.eval;

import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * A Gaussian mixture with full covariances by expectation maximisation from a k-means++ start. For the number of components 1, 2, 3,
 * 4, 6, 8, 12, 16, ... are tried, fitted to four fifths of the rows and judged by the mean log-density of the others: a larger
 * number is taken if it is better by more than the standard error of the difference, and the search ends when two in a row were
 * not. With the number found all rows are fitted, from two starts, of which the likelier fit is kept. Of more than
 * {@value #MOST_CHOOSING} rows so many, chosen at random, decide the number.
 *
 * <p>A ten-thousandth of each column's variance is added to the covariances, so that no component shrinks to a point: a column
 * of rounded values would otherwise give a likelihood without bound.
 *
 * <h2>References</h2>
 * <ol>
 * <li>A. Dempster, N. Laird, D. Rubin. Maximum likelihood from incomplete data via the EM algorithm. JRSS B 1977.
 * <li>D. Arthur, S. Vassilvitskii. k-means++: the advantages of careful seeding. SODA 2007.
 * </ol>
 */
public final class MixtureBaseline implements Baseline {
    static final String ID = "mixture";

    private static final int HELD_OUT_PART = 5;

    /** A step of the maximisation costs as many rows times the square of the columns for each component. */
    private static final int MOST_COLUMNS = 128;

    private static final int MOST_CHOOSING = 4000;

    /** Rows for every component, and for each of its columns. */
    private static final int ROWS_A_COMPONENT = 5;

    private static final int PATIENCE = 2;

    private final MixtureFit fit;
    private final int rows;

    private MixtureBaseline(MixtureFit fit, int rows) {
        this.fit = fit;
        this.rows = rows;
    }

    /**
     * Fits rows.
     *
     * @param points [N, D] row-major
     * @param dimension D
     * @param mostComponents the most components that are tried, at least 1
     * @param seed key of the random numbers: starts, and which rows are held out
     * @return the fit
     * @throws IllegalArgumentException if there are fewer than D + 2 rows or more than {@value #MOST_COLUMNS} columns, a column is
     *     constant, or a number is not finite
     */
    public static MixtureBaseline fit(double[] points, int dimension, int mostComponents, long seed) {
        if (mostComponents < 1) {
            throw new IllegalArgumentException("a mixture has at least one component, not " + mostComponents);
        }
        if (dimension > MOST_COLUMNS) {
            throw new IllegalArgumentException("a mixture of full covariances is fitted to at most " + MOST_COLUMNS
                    + " columns, because its cost grows with their square, not to " + dimension);
        }
        double[] variances = BaselineRows.variances(points, dimension);
        int rows = points.length / dimension;
        int components = choose(points, variances, mostComponents, seed);
        return new MixtureBaseline(MixtureFit.likeliest(points, variances, components, seed), rows);
    }

    private static int choose(double[] points, double[] variances, int mostComponents, long seed) {
        int dimension = variances.length;
        int[] order = Points.shuffled(points.length / dimension, MOST_CHOOSING, seed, RandomStream.CLUSTERING, 0);
        int rows = order.length;
        int held = rows / HELD_OUT_PART;
        double[] heldOut = Points.select(points, dimension, Arrays.copyOf(order, held));
        double[] fitted = Points.select(points, dimension, Arrays.copyOfRange(order, held, rows));
        int most = Math.min(mostComponents, (rows - held) / (ROWS_A_COMPONENT * (dimension + 1)));
        int best = 1;
        double[] bestValues = new double[held];
        int worse = 0;
        for (int components = 1; components <= most && worse < PATIENCE; components = next(components)) {
            double[] values =
                    MixtureFit.of(fitted, variances, components, seed, 0).logDensities(heldOut);
            if (components == 1 || isBetter(values, bestValues)) {
                bestValues = values;
                best = components;
                worse = 0;
            } else {
                worse++;
            }
        }
        return best;
    }

    private static boolean isBetter(double[] values, double[] than) {
        double[] gains = values.clone();
        for (int i = 0; i < gains.length; i++) {
            gains[i] -= than[i];
        }
        SampleMean gain = SampleMean.of(gains);
        return gain.mean() > gain.standardError();
    }

    /** 1, 2, 3, 4, 6, 8, 12, 16, ... */
    private static int next(int components) {
        int power = Integer.highestOneBit(components);
        return components < 3 ? components + 1 : components == power ? power + power / 2 : 2 * power;
    }

    /**
     * The number of components.
     *
     * @return at least 1
     */
    public int components() {
        return fit.size();
    }

    /** The mixture itself. */
    MixtureFit mixture() {
        return fit;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return fit.size() + (fit.size() == 1 ? " Gaussian, " : " Gaussians, ") + rows + " rows";
    }

    @Override
    public int dimension() {
        return fit.component(0).dimension();
    }

    @Override
    public double logDensity(double[] points, int offset) {
        return fit.logDensity(points, offset);
    }
}
