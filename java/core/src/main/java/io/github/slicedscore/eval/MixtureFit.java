package io.github.slicedscore.eval;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * A Gaussian mixture with full covariances, fitted by expectation maximisation from a k-means++ start. Immutable.
 *
 * <pre>
 * r_ik = w_k N_k(x_i) / p(x_i)      w_k = mean over i of r_ik      N_k fitted to the rows weighted by r_ik
 * </pre>
 *
 * <p>A ten-thousandth of each column's variance is added to the covariances, so that no component shrinks to a point.
 */
final class MixtureFit {
    private static final double RIDGE = 1e-4;
    private static final int MOST_ITERATIONS = 200;

    /** Gain of the mean log-likelihood below which the iteration ends. */
    private static final double SMALLEST_GAIN = 1e-4;

    private final double[] logWeights;
    private final NormalFit[] components;

    private MixtureFit(double[] logWeights, NormalFit[] components) {
        this.logWeights = logWeights;
        this.components = components;
    }

    /** The likelier of two fits from different starts. */
    static MixtureFit likeliest(double[] points, double[] variances, int components, long seed) {
        MixtureFit first = of(points, variances, components, seed, 0);
        if (components == 1) {
            return first;
        }
        MixtureFit second = of(points, variances, components, seed, 1);
        double gain = SampleMean.of(second.logDensities(points)).mean()
                - SampleMean.of(first.logDensities(points)).mean();
        return gain > 0 ? second : first;
    }

    /**
     * A fit.
     *
     * @param points [count, dimension] row-major
     * @param variances of the columns
     * @param size how many components, at most as many as rows
     * @param start which of the random starts
     */
    static MixtureFit of(double[] points, double[] variances, int size, long seed, int start) {
        double[] ridge = variances.clone();
        for (int i = 0; i < ridge.length; i++) {
            ridge[i] *= RIDGE;
        }
        double[] responsibilities = kMeansPlusPlus(points, variances, size, seed, start);
        MixtureFit fit = maximize(points, responsibilities, size, ridge);
        double mean = fit.expect(points, responsibilities);
        double gain = Double.POSITIVE_INFINITY;
        for (int iteration = 1; iteration < MOST_ITERATIONS && gain >= SMALLEST_GAIN; iteration++) {
            fit = maximize(points, responsibilities, size, ridge);
            double next = fit.expect(points, responsibilities);
            gain = next - mean;
            mean = next;
        }
        return fit;
    }

    int size() {
        return components.length;
    }

    double logWeight(int component) {
        return logWeights[component];
    }

    NormalFit component(int component) {
        return components[component];
    }

    double logDensity(double[] points, int offset) {
        double[] terms = new double[components.length];
        for (int k = 0; k < terms.length; k++) {
            terms[k] = logWeights[k] + components[k].logDensity(points, offset);
        }
        return LogSum.of(terms);
    }

    double[] logDensities(double[] points) {
        int dimension = components[0].dimension();
        double[] logDensities = new double[points.length / dimension];
        for (int row = 0; row < logDensities.length; row++) {
            logDensities[row] = logDensity(points, row * dimension);
        }
        return logDensities;
    }

    /** Leaves the responsibilities, and gives the mean log-density. */
    private double expect(double[] points, double[] responsibilities) {
        int size = components.length;
        int dimension = components[0].dimension();
        int count = points.length / dimension;
        double[] terms = new double[size];
        double sum = 0;
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < size; k++) {
                terms[k] = logWeights[k] + components[k].logDensity(points, row * dimension);
            }
            double total = LogSum.of(terms);
            for (int k = 0; k < size; k++) {
                responsibilities[row * size + k] = Math.exp(terms[k] - total);
            }
            sum += total;
        }
        return sum / count;
    }

    private static MixtureFit maximize(double[] points, double[] responsibilities, int size, double[] ridge) {
        int count = responsibilities.length / size;
        double[] logWeights = new double[size];
        NormalFit[] components = new NormalFit[size];
        for (int k = 0; k < size; k++) {
            double sum = 0;
            for (int row = 0; row < count; row++) {
                // No component dies: one that no row belongs to becomes a copy of the whole, of no weight to speak of.
                responsibilities[row * size + k] += 1e-12;
                sum += responsibilities[row * size + k];
            }
            logWeights[k] = Math.log(sum / count);
            components[k] = NormalFit.of(points, responsibilities, k, size, ridge);
        }
        return new MixtureFit(logWeights, components);
    }

    /**
     * Every row wholly its nearest centre's; each further centre a row drawn with a chance proportional to its squared distance
     * from those before it, columns in units of their deviation (Arthur and Vassilvitskii 2007).
     */
    private static double[] kMeansPlusPlus(double[] points, double[] variances, int size, long seed, int start) {
        int dimension = variances.length;
        int count = points.length / dimension;
        double[] nearest = new double[count];
        int[] owners = new int[count];
        Arrays.fill(nearest, 1);
        Philox philox = new Philox();
        for (int k = 0; k < size; k++) {
            philox.draw(seed, k, 0, RandomStream.CLUSTERING, start, 0);
            int centre = draw(nearest, philox.uniform(0));
            for (int row = 0; row < count; row++) {
                double square = 0;
                for (int i = 0; i < dimension; i++) {
                    double difference = points[row * dimension + i] - points[centre * dimension + i];
                    square += difference * difference / variances[i];
                }
                if (k == 0 || square < nearest[row]) {
                    nearest[row] = square;
                    owners[row] = k;
                }
            }
        }
        double[] responsibilities = new double[count * size];
        for (int row = 0; row < count; row++) {
            responsibilities[row * size + owners[row]] = 1;
        }
        return responsibilities;
    }

    /** An index with a chance proportional to its weight; the last if all weights are zero. */
    private static int draw(double[] weights, double uniform) {
        double rest = uniform * Arrays.stream(weights).sum();
        int index = 0;
        while (index + 1 < weights.length && rest >= weights[index]) {
            rest -= weights[index];
            index++;
        }
        return index;
    }
}
