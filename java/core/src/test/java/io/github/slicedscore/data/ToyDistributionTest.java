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

    static Stream<ToyDistribution> toys() {
        return Stream.of(
                GaussianMixture.demo(),
                GaussianMixture.isotropic(
                        new double[] {3, 1}, new double[][] {{-1, 0}, {2, 0.5}}, new double[] {0.7, 0.4}),
                new Gaussian(new double[] {1, -2}, COVARIANCE));
    }

    @ParameterizedTest
    @MethodSource("toys")
    void scoreIsTheGradientOfTheLogDensity(ToyDistribution toy) {
        double h = 1e-5;
        double[] score = new double[2];
        Dataset points = toy.sample(1, 50);
        double[] x = new double[2];
        for (int row = 0; row < points.rows(); row++) {
            points.copyRow(row, x, 0);
            toy.score(x, score);
            for (int i = 0; i < 2; i++) {
                double[] above = x.clone();
                double[] below = x.clone();
                above[i] += h;
                below[i] -= h;
                double slope = (toy.logDensity(above) - toy.logDensity(below)) / (2 * h);
                assertThat(score[i]).isCloseTo(slope, within(1e-6));
            }
        }
    }

    /** Sums over a grid: mass, mean and covariance of the density against those of a sample. */
    @ParameterizedTest
    @MethodSource("toys")
    void densityIntegratesToOneAndHasTheMomentsOfTheSample(ToyDistribution toy) {
        double cell = 0.05;
        double mass = 0;
        double[] mean = new double[2];
        double[] square = new double[3];
        double[] x = new double[2];
        for (x[0] = -12; x[0] < 12; x[0] += cell) {
            for (x[1] = -12; x[1] < 12; x[1] += cell) {
                double weight = Math.exp(toy.logDensity(x)) * cell * cell;
                mass += weight;
                mean[0] += weight * x[0];
                mean[1] += weight * x[1];
                square[0] += weight * x[0] * x[0];
                square[1] += weight * x[0] * x[1];
                square[2] += weight * x[1] * x[1];
            }
        }
        assertThat(mass).isCloseTo(1, within(1e-9));

        int n = 100_000;
        Dataset sample = toy.sample(2, n);
        double[] sampleMean = new double[2];
        double[] sampleSquare = new double[3];
        for (int row = 0; row < n; row++) {
            sample.copyRow(row, x, 0);
            sampleMean[0] += x[0] / n;
            sampleMean[1] += x[1] / n;
            sampleSquare[0] += x[0] * x[0] / n;
            sampleSquare[1] += x[0] * x[1] / n;
            sampleSquare[2] += x[1] * x[1] / n;
        }
        // Deviations are at most 2.2 and fourth moments at most 3 (1 + 4)^2 or so: 6 standard deviations of each mean.
        assertThat(sampleMean).containsExactly(mean, within(6 * 2.2 / Math.sqrt(n)));
        assertThat(sampleSquare).containsExactly(square, within(6 * 8 / Math.sqrt(n)));
    }

    @ParameterizedTest
    @MethodSource("toys")
    void aPointFollowsFromSeedAndRow(ToyDistribution toy) {
        Dataset sample = toy.sample(3, 100);
        assertThat(sample.columns()).containsExactly("x1", "x2");
        double[] x = new double[2];
        toy.sample(new Philox(), 3, 71, x);
        assertThat(x).containsExactly(sample.value(71, 0), sample.value(71, 1));
        assertThat(toy.sample(4, 100).hash()).isNotEqualTo(sample.hash());
    }

    @ParameterizedTest
    @MethodSource("toys")
    void nothingIsLostFarOut(ToyDistribution toy) {
        double[] score = new double[2];
        double[] far = {1e4, -3e4};
        toy.score(far, score);
        assertThat(toy.logDensity(far)).isFinite().isLessThan(-1e6);
        assertThat(score[0]).isFinite().isNegative();
        assertThat(score[1]).isFinite().isPositive();
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
