package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.ToyDistribution;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final Gaussian CORRELATED =
            new Gaussian(new double[] {1, -2}, new double[][] {{2, 0.9}, {0.9, 0.5}});

    /** By maximum likelihood the mean over the fitted rows is -(D (1 + log 2 pi) + log det S) / 2, S their covariance. */
    @Test
    void theGaussiansLikelihoodIsKnown() {
        double[] points = Draws.of(CORRELATED, 400, 1);
        double[] mean = BaselineRows.means(points, 2);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int row = 0; row < 400; row++) {
            double x = points[2 * row] - mean[0];
            double y = points[2 * row + 1] - mean[1];
            xx += x * x / 400;
            xy += x * y / 400;
            yy += y * y / 400;
        }
        double wanted = -0.5 * (2 * (1 + Math.log(2 * Math.PI)) + Math.log(xx * yy - xy * xy));
        GaussianBaseline fit = GaussianBaseline.fit(points, 2);
        BaselineLikelihood likelihood = BaselineLikelihood.of(fit, points);
        assertThat(likelihood.mean()).isCloseTo(wanted, within(1e-5));
        assertThat(likelihood.rows()).isEqualTo(400);
        // Squared distances are chi^2 with two degrees of freedom, so half of them has deviation 1.
        assertThat(likelihood.standardError()).isCloseTo(1 / 20.0, within(0.01));
        // One point by the explicit inverse.
        double x = 1.8 - mean[0];
        double y = -1.8 - mean[1];
        double square = (yy * x * x - 2 * xy * x * y + xx * y * y) / (xx * yy - xy * xy);
        assertThat(fit.logDensity(1.8, -1.8))
                .isCloseTo(-Math.log(2 * Math.PI) - 0.5 * Math.log(xx * yy - xy * xy) - 0.5 * square, within(1e-5));
    }

    /** A column that is the sum of two others, up to the ridge. */
    @Test
    void dependentColumnsHaveADensityStill() {
        double[] pairs = Draws.of(CORRELATED, 100, 1);
        double[] points = new double[300];
        for (int row = 0; row < 100; row++) {
            points[3 * row] = pairs[2 * row];
            points[3 * row + 1] = pairs[2 * row + 1];
            points[3 * row + 2] = pairs[2 * row] + pairs[2 * row + 1];
        }
        assertThat(BaselineLikelihood.of(GaussianBaseline.fit(points, 3), points)
                        .mean())
                .isBetween(0.0, 10.0);
    }

    /** Fitted to 3000 rows the mixture is within 0.02 nats of the truth; a Gaussian is not within a fifth of a nat. */
    @Test
    void theMixtureIsFound() {
        GaussianMixture truth = GaussianMixture.isotropic(
                new double[] {0.5, 0.3, 0.2}, new double[][] {{-3, 0}, {3, 1}, {0, 4}}, new double[] {0.7, 1, 0.5});
        double[] fresh = Draws.of(truth, 3000, 2);
        MixtureBaseline fit = MixtureBaseline.fit(Draws.of(truth, 3000, 1), 2, 8, 1);
        assertThat(fit.components()).isEqualTo(3);
        double wanted = meanLogDensity(truth, fresh);
        assertThat(BaselineLikelihood.of(fit, fresh).mean()).isBetween(wanted - 0.02, wanted + 0.005);
        assertThat(BaselineLikelihood.of(GaussianBaseline.fit(fresh, 2), fresh).mean())
                .isLessThan(wanted - 0.2);
    }

    @Test
    void oneComponentIsTheGaussian() {
        double[] points = Draws.of(CORRELATED, 500, 1);
        MixtureBaseline fit = MixtureBaseline.fit(points, 2, 1, 1);
        assertThat(fit.components()).isEqualTo(1);
        // Up to the mixture's larger ridge.
        assertThat(BaselineLikelihood.of(fit, points).mean())
                .isCloseTo(
                        BaselineLikelihood.of(GaussianBaseline.fit(points, 2), points)
                                .mean(),
                        within(1e-3));
    }

    /** Every row ten times: a component on a point would have a density without bound. */
    @Test
    void repeatedRowsGiveNoSpikes() {
        double[] few = Draws.of(CORRELATED, 30, 1);
        double[] points = new double[10 * few.length];
        for (int copy = 0; copy < 10; copy++) {
            System.arraycopy(few, 0, points, copy * few.length, few.length);
        }
        double[] logDensities = MixtureBaseline.fit(points, 2, 16, 1).logDensities(points);
        assertThat(Arrays.stream(logDensities).max().orElseThrow()).isLessThan(10);
    }

    /** The definition, kernel by kernel. */
    @Test
    void theKernelDensityIsTheDefinitions() {
        double[] points = Draws.of(CORRELATED, 200, 1);
        KernelDensityBaseline fit = KernelDensityBaseline.fit(points, 2, 1);
        double[][] covariance = covariance(points);
        double h = fit.bandwidth();
        double density = 0;
        double[] x = {0.4, -2.2};
        for (int row = 0; row < 200; row++) {
            Gaussian kernel = new Gaussian(
                    new double[] {points[2 * row], points[2 * row + 1]},
                    Arrays.stream(covariance)
                            .map(line -> Arrays.stream(line).map(s -> h * h * s).toArray())
                            .toArray(double[][]::new));
            density += Math.exp(kernel.logDensity(x)) / 200;
        }
        assertThat(fit.logDensity(x)).isCloseTo(Math.log(density), within(1e-4));
    }

    private static double[][] covariance(double[] points) {
        double[] mean = BaselineRows.means(points, 2);
        double[][] covariance = new double[2][2];
        int count = points.length / 2;
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    covariance[i][j] += (points[2 * row + i] - mean[i]) * (points[2 * row + j] - mean[j]) / count;
                }
            }
        }
        return covariance;
    }

    /** Scott's bandwidth is near the best for a normal distribution, and far too wide for two narrow clusters. */
    @Test
    void theBandwidthFollowsTheRows() {
        double scott = Math.pow(1000, -0.2);
        double[] normal = Draws.of(Draws.normal(1, 0, 1), 1000, 1);
        assertThat(KernelDensityBaseline.fit(normal, 1, 1).bandwidth()).isBetween(0.6 * scott, 1.6 * scott);
        GaussianMixture clusters =
                GaussianMixture.isotropic(new double[] {1, 1}, new double[][] {{-5}, {5}}, new double[] {0.5, 0.5});
        double[] two = Draws.of(clusters, 1000, 1);
        KernelDensityBaseline fit = KernelDensityBaseline.fit(two, 1, 1);
        assertThat(fit.bandwidth()).isLessThan(0.3 * scott);
        double[] fresh = Draws.of(clusters, 1000, 2);
        assertThat(BaselineLikelihood.of(fit, fresh).mean()).isCloseTo(meanLogDensity(clusters, fresh), within(0.03));
    }

    /** Rows that repeat in both halves only: the density of each half comes from the other. */
    @Test
    void crossFittedHalvesDoNotSeeThemselves() {
        double[] points = Draws.of(CORRELATED, 401, 5);
        BaselineLikelihood crossed =
                BaselineLikelihood.crossFitted(rows -> GaussianBaseline.fit(rows, 2), points, 2, 0.25);
        double[] first = Arrays.copyOf(points, 400);
        double[] second = Arrays.copyOfRange(points, 400, 802);
        double wanted = 200
                        * BaselineLikelihood.of(GaussianBaseline.fit(second, 2), first)
                                .mean()
                + 201
                        * BaselineLikelihood.of(GaussianBaseline.fit(first, 2), second)
                                .mean();
        assertThat(crossed.mean()).isCloseTo(wanted / 401 - 0.25, within(1e-12));
        assertThat(crossed.rows()).isEqualTo(401);
        assertThat(crossed.description()).isEqualTo("full covariance, 200 rows; each half of the rows by the other");
    }

    private static double meanLogDensity(ToyDistribution truth, double[] points) {
        double sum = 0;
        int dimension = truth.dimension();
        for (int from = 0; from < points.length; from += dimension) {
            sum += truth.logDensity(Arrays.copyOfRange(points, from, from + dimension));
        }
        return sum * dimension / points.length;
    }

    @Test
    void refusesWhatMakesNoSense() {
        List<BaselineLikelihood.Fit> fits = List.of(
                points -> GaussianBaseline.fit(points, 2),
                points -> MixtureBaseline.fit(points, 2, 4, 1),
                points -> KernelDensityBaseline.fit(points, 2, 1));
        for (BaselineLikelihood.Fit fit : fits) {
            assertThatThrownBy(() -> fit.to(new double[6]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 4 rows, not 3");
            assertThatThrownBy(() -> fit.to(new double[] {0.1, 1, 0.1, 2, 0.1, 3, 0.1, 4}))
                    .hasMessageContaining("column 0 (counted from 0) of the rows to fit is constant");
            assertThatThrownBy(() -> fit.to(new double[] {0, 1, 2, 3, 4, Double.NaN, 6, 7}))
                    .hasMessageContaining("row 2, column 1")
                    .hasMessageContaining("NaN");
            Baseline fitted = fit.to(Draws.of(CORRELATED, 50, 1));
            assertThatThrownBy(() -> fitted.logDensity(1)).hasMessageContaining("2 numbers, not 1");
            assertThatThrownBy(() -> fitted.logDensities(new double[3])).hasMessageContaining("rows of 2");
            assertThatThrownBy(() -> BaselineLikelihood.of(fitted, new double[0]))
                    .hasMessageContaining("no rows");
        }
        assertThatThrownBy(() -> MixtureBaseline.fit(new double[20], 2, 0, 1)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> MixtureBaseline.fit(new double[129 * 200], 129, 4, 1))
                .hasMessageContaining("at most 128 columns")
                .hasMessageContaining("not to 129");
    }
}
