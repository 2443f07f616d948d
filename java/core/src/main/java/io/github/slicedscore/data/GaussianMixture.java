package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * A mixture of K normal distributions with diagonal covariances:
 *
 * <pre>
 * p(x)     = sum_k w_k N(x; mean_k, diag(deviation_k^2))
 * score(x) = sum_k r_k(x) (mean_k - x) / deviation_k^2,      r_k(x) = w_k N_k(x) / p(x)
 * </pre>
 *
 * <p>Sums over components are taken relative to the largest term, so that neither density nor score is lost far from all
 * means.
 *
 * @param weights w, [K], positive; scaled to a sum of 1
 * @param means [K][D]
 * @param deviations standard deviations, [K][D], positive
 */
public record GaussianMixture(double[] weights, double[][] means, double[][] deviations) implements ToyDistribution {
    /** Copies the arrays, checks their sizes and signs, and scales the weights. */
    public GaussianMixture {
        int components = weights.length;
        if (components == 0 || means.length != components || deviations.length != components) {
            throw new IllegalArgumentException("%d weights, %d means and %d deviations make no mixture"
                    .formatted(components, means.length, deviations.length));
        }
        int dimension = means[0].length;
        double sum = 0;
        for (int k = 0; k < components; k++) {
            if (dimension == 0 || means[k].length != dimension || deviations[k].length != dimension) {
                throw new IllegalArgumentException(
                        "component %d has a mean of %d and deviations of %d numbers, the first a mean of %d"
                                .formatted(k, means[k].length, deviations[k].length, dimension));
            }
            if (!(weights[k] > 0)) {
                throw new IllegalArgumentException("weights are positive: " + Arrays.toString(weights));
            }
            for (double deviation : deviations[k]) {
                if (!(deviation > 0)) {
                    throw new IllegalArgumentException(
                            "deviations are positive: component " + k + " has " + Arrays.toString(deviations[k]));
                }
            }
            sum += weights[k];
        }
        weights = weights.clone();
        for (int k = 0; k < components; k++) {
            weights[k] /= sum;
        }
        means = Matrices.copy(means);
        deviations = Matrices.copy(deviations);
    }

    /**
     * A mixture of round components.
     *
     * @param weights [K], positive
     * @param means [K][D]
     * @param deviations one standard deviation a component, [K], positive
     * @return the mixture
     */
    public static GaussianMixture isotropic(double[] weights, double[][] means, double[] deviations) {
        double[][] diagonal = new double[deviations.length][means[0].length];
        for (int k = 0; k < deviations.length; k++) {
            Arrays.fill(diagonal[k], deviations[k]);
        }
        return new GaussianMixture(weights, means, diagonal);
    }

    /**
     * The two-dimensional mixture of the demo: five components around a centre, of different weights and widths.
     *
     * @return the mixture
     */
    public static GaussianMixture demo() {
        return new GaussianMixture(
                new double[] {0.25, 0.20, 0.20, 0.15, 0.20},
                new double[][] {{-2.0, 1.2}, {0.2, 2.0}, {2.2, 0.6}, {1.0, -1.8}, {-1.4, -1.4}},
                new double[][] {{0.6, 0.6}, {0.8, 0.5}, {0.5, 0.8}, {0.7, 0.6}, {0.6, 0.8}});
    }

    /**
     * The distribution of x + sigma e, e ~ N(0, I): every component's variances grow by sigma^2.
     *
     * @param sigma standard deviation of the noise, 0 or positive
     * @return the blurred distribution
     */
    public GaussianMixture noised(double sigma) {
        double variance = ToyChecks.noiseVariance(sigma);
        double[][] wider = deviations();
        for (double[] row : wider) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.sqrt(row[i] * row[i] + variance);
            }
        }
        return new GaussianMixture(weights, means, wider);
    }

    @Override
    public String id() {
        return "mixture";
    }

    @Override
    public int dimension() {
        return means[0].length;
    }

    @Override
    public double logDensity(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            double term = logTerm(k, x);
            if (term > largest) {
                sum = sum * Math.exp(largest - term) + 1;
                largest = term;
            } else {
                sum += Math.exp(term - largest);
            }
        }
        return largest + Math.log(sum);
    }

    @Override
    public void score(double[] x, double[] into) {
        Arrays.fill(into, 0, dimension(), 0);
        double logDensity = logDensity(x);
        for (int k = 0; k < weights.length; k++) {
            double responsibility = Math.exp(logTerm(k, x) - logDensity);
            for (int i = 0; i < dimension(); i++) {
                into[i] += responsibility * (means[k][i] - x[i]) / (deviations[k][i] * deviations[k][i]);
            }
        }
    }

    @Override
    public void sample(Philox philox, long seed, int row, double[] into) {
        philox.draw(seed, row, 0, RandomStream.TOY, 0, 0);
        double rest = philox.uniform(0) - weights[0];
        int component = 0;
        while (rest > 0 && component + 1 < weights.length) {
            component++;
            rest -= weights[component];
        }
        // Block 0 chose the component.
        Normals.fill(philox, seed, row, 1, into);
        for (int i = 0; i < dimension(); i++) {
            into[i] = means[component][i] + deviations[component][i] * into[i];
        }
    }

    /** log(w_k N_k(x)). */
    private double logTerm(int k, double[] x) {
        double log = Math.log(weights[k]) - 0.5 * dimension() * Math.log(2 * Math.PI);
        for (int i = 0; i < dimension(); i++) {
            double white = (x[i] - means[k][i]) / deviations[k][i];
            log -= Math.log(deviations[k][i]) + 0.5 * white * white;
        }
        return log;
    }

    /**
     * Weights of the components.
     *
     * @return a copy, [K], of sum 1
     */
    @Override
    public double[] weights() {
        return weights.clone();
    }

    /**
     * Means of the components.
     *
     * @return a copy, [K][D]
     */
    @Override
    public double[][] means() {
        return Matrices.copy(means);
    }

    /**
     * Standard deviations of the components.
     *
     * @return a copy, [K][D]
     */
    @Override
    public double[][] deviations() {
        return Matrices.copy(deviations);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GaussianMixture that
                && Arrays.equals(weights, that.weights)
                && Arrays.deepEquals(means, that.means)
                && Arrays.deepEquals(deviations, that.deviations);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(weights) + Arrays.deepHashCode(means)) + Arrays.deepHashCode(deviations);
    }

    @Override
    public String toString() {
        return "GaussianMixture[" + weights.length + " components, " + dimension() + " dimensions]";
    }
}
