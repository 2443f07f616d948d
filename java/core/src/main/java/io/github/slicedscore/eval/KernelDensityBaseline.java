package io.github.slicedscore.eval;

import io.github.slicedscore.math.RandomStream;
import java.util.Locale;

/**
 * A kernel density estimate with Gaussian kernels shaped like the rows' covariance S (with the ridge of
 * {@link GaussianBaseline}):
 *
 * <pre>p(x) = mean over i of N(x; x_i, h^2 S)</pre>
 *
 * <p>The bandwidth h is Scott's, N^(-1/(D+4)), times the factor between 1/8 and 2 (in steps of 2^(1/2)) under which the rows are
 * likeliest, each left out of its own density. At most 10,000 rows bear kernels, and at most 2,000 choose the factor, both at
 * random. Where rows are repeated, leaving one out does not hide it, and the smallest factor wins.
 *
 * <h2>References</h2>
 * <ol>
 * <li>D. Scott. Multivariate density estimation. Wiley 1992, section 6.3.
 * <li>R. Duin. On the choice of smoothing parameters for Parzen estimators of probability density functions. IEEE Transactions on
 *     Computers 1976.
 * </ol>
 */
public final class KernelDensityBaseline implements Baseline {
    static final String ID = "kernel-density";

    private static final int MOST_KERNELS = 10_000;
    private static final int MOST_CHOOSING = 2_000;
    private static final double LARGEST_FACTOR = 2;
    private static final int FACTORS = 9;

    private final NormalFit shape;
    private final double[] white;
    private final double bandwidth;

    private KernelDensityBaseline(NormalFit shape, double[] white, double bandwidth) {
        this.shape = shape;
        this.white = white;
        this.bandwidth = bandwidth;
    }

    /**
     * Fits rows.
     *
     * @param points [N, D] row-major
     * @param dimension D
     * @param seed key of the random numbers, where rows are chosen
     * @return the fit
     * @throws IllegalArgumentException if there are fewer than D + 2 rows, a column is constant, or a number is not finite
     */
    public static KernelDensityBaseline fit(double[] points, int dimension, long seed) {
        NormalFit shape = GaussianBaseline.fit(points, dimension).normal();
        int[] bearing = Points.shuffled(points.length / dimension, MOST_KERNELS, seed, RandomStream.CLUSTERING, 1);
        double[] white = new double[bearing.length * dimension];
        double[] one = new double[dimension];
        for (int row = 0; row < bearing.length; row++) {
            shape.whiten(points, bearing[row] * dimension, one);
            System.arraycopy(one, 0, white, row * dimension, dimension);
        }
        double factor = factor(white, dimension);
        return new KernelDensityBaseline(shape, white, factor * scott(bearing.length, dimension));
    }

    /**
     * h, in units of the rows' covariance.
     *
     * @return the bandwidth, positive
     */
    public double bandwidth() {
        return bandwidth;
    }

    private static double scott(int count, int dimension) {
        return Math.pow(count, -1.0 / (dimension + 4));
    }

    /** Maximises the mean log-density of whitened rows, each left out of its own. */
    private static double factor(double[] white, int dimension) {
        // The rows stand in random order, so the first are as good as any.
        int count = Math.min(MOST_CHOOSING, white.length / dimension);
        double[] bandwidths = new double[FACTORS];
        for (int f = 0; f < FACTORS; f++) {
            bandwidths[f] = LARGEST_FACTOR * Math.pow(2, -0.5 * f) * scott(count, dimension);
        }
        double[] means = new double[FACTORS];
        double[] terms = new double[count - 1];
        double[] squares = new double[count - 1];
        for (int row = 0; row < count; row++) {
            int others = 0;
            for (int other = 0; other < count; other++) {
                if (other != row) {
                    squares[others++] = Points.squaredDistance(white, row, other, dimension);
                }
            }
            for (int f = 0; f < FACTORS; f++) {
                means[f] += logMeanKernel(squares, bandwidths[f], dimension, terms) / count;
            }
        }
        int best = 0;
        for (int f = 1; f < FACTORS; f++) {
            best = means[f] > means[best] ? f : best;
        }
        return bandwidths[best] / scott(count, dimension);
    }

    /** log of the mean of N(.; h^2 I) at given squared distances. */
    private static double logMeanKernel(double[] squares, double bandwidth, int dimension, double[] terms) {
        for (int i = 0; i < squares.length; i++) {
            terms[i] = -0.5 * squares[i] / (bandwidth * bandwidth);
        }
        return LogSum.of(terms)
                - Math.log(squares.length)
                - dimension * (0.5 * Math.log(2 * Math.PI) + Math.log(bandwidth));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return String.format(Locale.ROOT, "bandwidth %.3g, %d rows", bandwidth, white.length / dimension());
    }

    @Override
    public int dimension() {
        return shape.dimension();
    }

    @Override
    public double logDensity(double[] points, int offset) {
        int dimension = dimension();
        double[] point = new double[dimension];
        shape.whiten(points, offset, point);
        double[] squares = new double[white.length / dimension];
        for (int row = 0; row < squares.length; row++) {
            squares[row] = Points.squaredDistance(point, 0, white, row, dimension);
        }
        return logMeanKernel(squares, bandwidth, dimension, squares) - 0.5 * shape.logDeterminant();
    }
}
