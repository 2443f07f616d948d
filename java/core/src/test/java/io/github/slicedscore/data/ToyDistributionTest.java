package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToyDistributionTest {
    private static final double[][] COVARIANCE = {{2, 0.6}, {0.6, 0.5}};

    static Stream<ToyDistribution> plane() {
        return Stream.concat(
                ToySamplers.names().stream()
                        .map(ToySamplers::of)
                        .filter(ToyDistribution.class::isInstance)
                        .map(ToyDistribution.class::cast),
                Stream.of(
                        GaussianMixture.isotropic(
                                new double[] {3, 1}, new double[][] {{-1, 0}, {2, 0.5}}, new double[] {0.7, 0.4}),
                        new Banana(2, 1.5, 0.3),
                        new Ring(0.8, 1.1),
                        new StudentT(7.5, new double[] {-1, 2}, COVARIANCE)));
    }

    static Stream<ToyDistribution> all() {
        return Stream.concat(
                plane(),
                Stream.of(
                        new Banana(5, 0.7, -1.2),
                        new Ring(3, 0.05),
                        new StudentT(
                                4, new double[] {0, 1, -1}, new double[][] {{1, 0.3, 0}, {0.3, 2, -0.4}, {0, -0.4, 0.5}
                                })));
    }

    @Test
    void everyDistributionOfKnownScoreIsThere() {
        assertThat(plane().map(ToySampler::id).distinct())
                .containsExactly("gaussian", "mixture", "banana", "ring", "student-t");
    }

    @ParameterizedTest
    @MethodSource("all")
    void scoreIsTheGradientOfTheLogDensity(ToyDistribution toy) {
        double h = 1e-5;
        int dimension = toy.dimension();
        double[] score = new double[dimension];
        Dataset points = toy.sample(1, 200);
        double[] x = new double[dimension];
        for (int row = 0; row < points.rows(); row++) {
            points.copyRow(row, x, 0);
            toy.score(x, score);
            for (int i = 0; i < dimension; i++) {
                double[] above = x.clone();
                double[] below = x.clone();
                above[i] += h;
                below[i] -= h;
                double slope = (toy.logDensity(above) - toy.logDensity(below)) / (2 * h);
                assertThat(score[i]).isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
            }
        }
    }

    /**
     * Mass, moments and marginals of the density, by quadrature, against those of a sample: moments within 5 standard errors,
     * marginals within Kolmogorov and Smirnov's distance of confidence 1 - 1e-5.
     */
    @ParameterizedTest
    @MethodSource("plane")
    void densityIntegratesToOneAndIsThatOfTheSample(ToyDistribution toy) {
        PlaneQuadrature plane = new PlaneQuadrature(toy);
        assertThat(plane.moment(0, 0)).as("mass").isCloseTo(1, within(1e-8));

        int n = 50_000;
        Dataset sample = toy.sample(2, n);
        int[][] powers = {{1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}};
        for (int[] power : powers) {
            double mean = 0;
            for (int row = 0; row < n; row++) {
                mean += Math.pow(sample.value(row, 0), power[0]) * Math.pow(sample.value(row, 1), power[1]) / n;
            }
            double expected = plane.moment(power[0], power[1]);
            double variance = plane.moment(2 * power[0], 2 * power[1]) - expected * expected;
            assertThat(mean)
                    .as("E x1^%d x2^%d", power[0], power[1])
                    .isCloseTo(expected, within(5 * Math.sqrt(variance / n)));
        }
        for (int column = 0; column < 2; column++) {
            assertThat(Statistics.distance(
                            sample.column(column), Statistics.interpolated(plane.nodes(), plane.distribution(column))))
                    .as("marginal of x%d", column + 1)
                    .isLessThan(Statistics.criticalDistance(n));
        }
    }

    /** In polar coordinates about 0, where the marginals of a ring say little. */
    @ParameterizedTest
    @MethodSource("plane")
    void radiiHaveTheirDistribution(ToyDistribution toy) {
        int angles = 200;
        int nodes = 1000;
        double step = 0.02;
        double[] radii = new double[nodes];
        double[] cumulated = new double[nodes];
        double sum = 0;
        for (int i = 0; i < nodes; i++) {
            radii[i] = i * step;
            double circle = 0;
            for (int k = 0; k < angles; k++) {
                double angle = 2 * Math.PI * k / angles;
                circle +=
                        Math.exp(toy.logDensity(new double[] {radii[i] * Math.cos(angle), radii[i] * Math.sin(angle)}));
            }
            double shell = circle / angles * 2 * Math.PI * radii[i] * step;
            cumulated[i] = sum + shell / 2;
            sum += shell;
        }

        int n = 50_000;
        Dataset sample = toy.sample(5, n);
        double[] radius = new double[n];
        for (int row = 0; row < n; row++) {
            radius[row] = Math.hypot(sample.value(row, 0), sample.value(row, 1));
        }
        assertThat(Statistics.distance(radius, Statistics.interpolated(radii, cumulated)))
                .isLessThan(Statistics.criticalDistance(n));
    }

    @ParameterizedTest
    @MethodSource("plane")
    void aPointFollowsFromSeedAndRow(ToyDistribution toy) {
        Dataset sample = toy.sample(3, 100);
        assertThat(sample.columns()).containsExactly("x1", "x2");
        double[] x = new double[2];
        toy.sample(new Philox(), 3, 71, x);
        assertThat(x).containsExactly(sample.value(71, 0), sample.value(71, 1));
        assertThat(toy.sample(4, 100).hash()).isNotEqualTo(sample.hash());
    }

    @ParameterizedTest
    @MethodSource("plane")
    void nothingIsLostFarOut(ToyDistribution toy) {
        double[] score = new double[2];
        double[] far = {1e4, -3e4};
        toy.score(far, score);
        // log p falls as |x|^2, Student's as (n + D) log |x|
        assertThat(toy.logDensity(far)).isFinite().isLessThan(toy instanceof StudentT ? -60 : -1e6);
        assertThat(score[0]).isFinite().isNegative();
        assertThat(score[1]).isFinite().isPositive();
    }

    /** p_sigma(x) = E p(x - sigma e), the expectation by the trapezoidal rule. */
    @Test
    void noiseConvolvesTheDensity() {
        double sigma = 0.6;
        assertConvolved(Gaussian.standard(), Gaussian.standard().noised(sigma), sigma);
        assertConvolved(GaussianMixture.demo(), GaussianMixture.demo().noised(sigma), sigma);
        assertConvolved(Ring.standard(), Ring.standard().noised(sigma), sigma);
        assertThat(GaussianMixture.demo().noised(0)).isEqualTo(GaussianMixture.demo());
        assertThat(Ring.standard().noised(0)).isEqualTo(Ring.standard());
    }

    private static void assertConvolved(ToyDistribution toy, ToyDistribution noised, double sigma) {
        double step = 0.1;
        for (double[] x : new double[][] {{0, 0}, {1.7, -0.4}, {-2.5, 2}}) {
            double sum = 0;
            for (double e1 = -12; e1 <= 12; e1 += step) {
                for (double e2 = -12; e2 <= 12; e2 += step) {
                    double weight = Math.exp(-0.5 * (e1 * e1 + e2 * e2)) / (2 * Math.PI) * step * step;
                    double[] at = {x[0] - sigma * e1, x[1] - sigma * e2};
                    sum += weight * Math.exp(toy.logDensity(at));
                }
            }
            assertThat(noised.logDensity(x)).as(toy.id()).isCloseTo(Math.log(sum), within(1e-9));
        }
    }

    @Test
    void aNoiseThatIsNoneIsRefused() {
        for (double sigma : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            String number = Double.toString(sigma);
            assertThatThrownBy(() -> Gaussian.standard().noised(sigma)).hasMessageContaining(number);
            assertThatThrownBy(() -> GaussianMixture.demo().noised(sigma)).hasMessageContaining(number);
            assertThatThrownBy(() -> Ring.standard().noised(sigma)).hasMessageContaining(number);
        }
    }

    @Test
    void aRingIsSmoothAtItsCentre() {
        Ring ring = Ring.standard();
        double[] score = {1, 1};
        ring.score(new double[2], score);
        assertThat(score).containsExactly(0, 0);
        // near 0, I1(k)/I0(k) = k/2: s = (R^2 / (2 sigma^4) - 1 / sigma^2) x
        double slope = 4 / (2 * Math.pow(0.4, 4)) - 1 / 0.16;
        ring.score(new double[] {1e-9, -2e-9}, score);
        assertThat(score).containsExactly(new double[] {slope * 1e-9, -2 * slope * 1e-9}, within(1e-15));
    }

    /** With many degrees of freedom Student's distribution is the Gaussian of its scale matrix. */
    @Test
    void studentsLimitIsTheGaussian() {
        StudentT student = new StudentT(1e7, new double[] {1, -2}, COVARIANCE);
        Gaussian gaussian = new Gaussian(new double[] {1, -2}, COVARIANCE);
        double[] x = {0.3, -1.1};
        double[] found = new double[2];
        double[] wanted = new double[2];
        student.score(x, found);
        gaussian.score(x, wanted);
        assertThat(found).containsExactly(wanted, within(1e-5));
        assertThat(student.logDensity(x)).isCloseTo(gaussian.logDensity(x), within(1e-5));
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Banana(1, 1, 1)).hasMessageContaining("not 1");
        assertThatThrownBy(() -> new Banana(2, 0, 1)).hasMessageContaining("0.0");
        assertThatThrownBy(() -> new Banana(2, 1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Ring(0, 1)).hasMessageContaining("radius");
        assertThatThrownBy(() -> new Ring(1, Double.POSITIVE_INFINITY)).hasMessageContaining("deviation");
        double[] location = new double[2];
        assertThatThrownBy(() -> new StudentT(2, location, COVARIANCE)).hasMessageContainingAll("above 2", "2.0");
        assertThatThrownBy(() -> new StudentT(3, new double[3], COVARIANCE)).hasMessageContaining("2 rows");
        assertThatThrownBy(() -> new StudentT(3, location, new double[][] {{1, 2}, {2, 1}}))
                .hasMessageContaining("definite");
    }

    @Test
    void aStudentDistributionIsImmutable() {
        double[] location = {1, 2};
        double[][] scale = {{1, 0}, {0, 1}};
        StudentT student = new StudentT(3, location, scale);
        location[0] = 9;
        scale[0][0] = 9;
        student.location()[1] = 9;
        student.scale()[1][1] = 9;
        assertThat(student.location()).containsExactly(1, 2);
        assertThat(student.scale()).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}});
    }

    @Test
    void aGaussiansScoreIsMinusInverseCovarianceTimesTheDifference() {
        Gaussian gaussian = new Gaussian(new double[] {1, -2}, COVARIANCE);
        double determinant = 2 * 0.5 - 0.6 * 0.6;
        double dx = 0.3;
        double dy = -0.7;
        double[] score = new double[2];
        gaussian.score(new double[] {1 + dx, -2 + dy}, score);

        assertThat(score[0]).isCloseTo(-(0.5 * dx - 0.6 * dy) / determinant, within(1e-14));
        assertThat(score[1]).isCloseTo(-(-0.6 * dx + 2 * dy) / determinant, within(1e-14));
        double square = -(score[0] * dx + score[1] * dy);
        assertThat(gaussian.logDensity(new double[] {1 + dx, -2 + dy}))
                .isCloseTo(-0.5 * square - Math.log(2 * Math.PI) - 0.5 * Math.log(determinant), within(1e-14));
    }

    @Test
    void aGaussianOfManyDimensionsHasItsCovariance() {
        int d = 6;
        double[][] covariance = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                covariance[i][j] = Math.pow(0.5, Math.abs(i - j)) * Math.sqrt((1 + i) * (1 + j));
            }
        }
        int n = 50_000;
        Dataset sample = new Gaussian(new double[d], covariance).sample(7, n);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double product = 0;
                for (int row = 0; row < n; row++) {
                    product += sample.value(row, i) * sample.value(row, j) / n;
                }
                double scale = Math.sqrt(covariance[i][i] * covariance[j][j]);
                assertThat(product).isCloseTo(covariance[i][j], within(6 * Math.sqrt(2.0 / n) * scale));
            }
        }
    }

    @Test
    void aCovarianceMustBeOne() {
        double[] mean = new double[2];
        assertThatThrownBy(() -> new Gaussian(mean, new double[][] {{1, 2}, {2, 1}}))
                .hasMessageContaining("definite");
        assertThatThrownBy(() -> new Gaussian(mean, new double[][] {{1, 0.2}, {0.1, 1}}))
                .hasMessageContaining("symmetric");
        assertThatThrownBy(() -> new Gaussian(mean, new double[][] {{1, 0}, {0}}))
                .hasMessageContaining("row 1");
        assertThatThrownBy(() -> new Gaussian(mean, new double[][] {{Double.NaN, 0}, {0, 1}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Gaussian(new double[1], COVARIANCE)).hasMessageContaining("2 rows");
    }

    @Test
    void aMixtureIsAValueWithWeightsOfSumOne() {
        double[] weights = {3, 1};
        double[][] means = {{0}, {1}};
        GaussianMixture mixture = GaussianMixture.isotropic(weights, means, new double[] {1, 2});
        means[0][0] = 9;
        mixture.means()[0][0] = 9;

        assertThat(mixture.weights()).containsExactly(0.75, 0.25);
        assertThat(mixture.means()[0][0]).isZero();
        assertThat(mixture)
                .isEqualTo(new GaussianMixture(
                        new double[] {0.75, 0.25}, new double[][] {{0}, {1}}, new double[][] {{1}, {2}}));
    }

    @Test
    void mixturesThatAreNoneAreRefused() {
        double[][] means = {{0, 0}};
        double[] weight = {1};
        assertThatThrownBy(() -> new GaussianMixture(weight, means, new double[][] {{1, 0}}))
                .hasMessageContaining("0.0");
        assertThatThrownBy(() -> new GaussianMixture(weight, means, new double[][] {{1}}))
                .hasMessageContaining("1 numbers");
        assertThatThrownBy(() -> new GaussianMixture(new double[] {-1}, means, means))
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new GaussianMixture(weight, means, new double[0][]))
                .hasMessageContaining("0 deviations");
    }
}
