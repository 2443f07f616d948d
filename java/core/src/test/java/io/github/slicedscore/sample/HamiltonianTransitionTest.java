package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One transition, against formulas written down apart from it. */
class HamiltonianTransitionTest {
    private static final ToyDistribution GAUSSIAN =
            new Gaussian(new double[] {1, -2}, new double[][] {{2, 0.6}, {0.6, 0.5}});

    private static double[] points(ToyDistribution toy, int count, long seed) {
        double[] points = new double[count * toy.dimension()];
        double[] point = new double[toy.dimension()];
        Philox philox = new Philox();
        for (int row = 0; row < count; row++) {
            toy.sample(philox, seed, row, point);
            System.arraycopy(point, 0, points, row * point.length, point.length);
        }
        return points;
    }

    /** Chains that begin in the distribution stay in it: 4 standard errors of means and variances over 20,000 chains. */
    @Test
    void leavesTheDensityInvariantWhateverTheStep() {
        Density density = Density.of(GAUSSIAN);
        int count = 20_000;
        for (double step : new double[] {0.3, 0.9, 1.3}) {
            Chains chains = new Chains(density, points(GAUSSIAN, count, 1), count);
            HamiltonianTransition transition = new HamiltonianTransition(count, new double[] {1.3, 0.8}, 2);
            double acceptance = 0;
            for (int t = 0; t < 5; t++) {
                acceptance = transition.move(density, chains, step, 2, t);
            }
            // Without rejections the longest step would have the variance grow without bound.
            assertThat(acceptance).isBetween(0.05, 0.999);
            double[] mean = new double[2];
            double[] square = new double[3];
            for (int chain = 0; chain < count; chain++) {
                double x = chains.points()[2 * chain] - 1;
                double y = chains.points()[2 * chain + 1] + 2;
                mean[0] += x / count;
                mean[1] += y / count;
                square[0] += x * x / count;
                square[1] += x * y / count;
                square[2] += y * y / count;
            }
            double error = 4 / Math.sqrt(count);
            assertThat(mean[0]).isCloseTo(0, within(error * Math.sqrt(2)));
            assertThat(mean[1]).isCloseTo(0, within(error * Math.sqrt(0.5)));
            assertThat(square[0]).isCloseTo(2, within(error * Math.sqrt(2) * 2));
            assertThat(square[1]).isCloseTo(0.6, within(error * Math.sqrt(2 * 0.5 + 0.6 * 0.6)));
            assertThat(square[2]).isCloseTo(0.5, within(error * Math.sqrt(2) * 0.5));
        }
    }

    /** With one leapfrog step: x + h/2 d^2 s(x) + sqrt(h) d xi, and the ratio p(y) q(x | y) / (p(x) q(y | x)). */
    @Test
    void oneLeapfrogStepIsTheMetropolisAdjustedLangevinAlgorithm() {
        ToyDistribution toy = GaussianMixture.isotropic(
                new double[] {1, 2}, new double[][] {{-1, 0}, {1, 0.5}}, new double[] {0.6, 0.4});
        Density density = Density.of(toy);
        double h = 0.4;
        double[] d = {0.8, 1.5};
        int count = 200;
        Chains chains = new Chains(density, points(toy, count, 3), count);
        double[] before = chains.points().clone();
        HamiltonianTransition transition = new HamiltonianTransition(count, d, 5);
        transition.move(density, chains, Math.sqrt(h), 1, 7);

        Philox philox = new Philox();
        float[] xi = new float[2];
        double[] x = new double[2];
        double[] y = new double[2];
        double[] scoreX = new double[2];
        double[] scoreY = new double[2];
        int moved = 0;
        for (int chain = 0; chain < count; chain++) {
            philox.normals(5, chain, RandomStream.MOMENTA, 0, 7, xi, 0, 2);
            System.arraycopy(before, 2 * chain, x, 0, 2);
            toy.score(x, scoreX);
            for (int i = 0; i < 2; i++) {
                y[i] = x[i] + h / 2 * d[i] * d[i] * scoreX[i] + Math.sqrt(h) * d[i] * xi[i];
            }
            toy.score(y, scoreY);
            double ratio = toy.logDensity(y) - toy.logDensity(x);
            for (int i = 0; i < 2; i++) {
                double there = (y[i] - x[i] - h / 2 * d[i] * d[i] * scoreX[i]) / d[i];
                double back = (x[i] - y[i] - h / 2 * d[i] * d[i] * scoreY[i]) / d[i];
                ratio += (there * there - back * back) / (2 * h);
            }
            assertThat(transition.acceptances()[chain]).isCloseTo(Math.min(1, Math.exp(ratio)), within(1e-12));
            double[] now = {chains.points()[2 * chain], chains.points()[2 * chain + 1]};
            assertThat(now).containsExactly(transition.moved()[chain] ? y : x, within(1e-12));
            moved += transition.moved()[chain] ? 1 : 0;
        }
        assertThat(moved).isBetween(count / 3, count - 10);
    }

    @Test
    void chainsKeepTheirLogDensitiesAndScores() {
        Density density = Density.of(GAUSSIAN);
        Chains chains = new Chains(density, points(GAUSSIAN, 50, 1), 50);
        HamiltonianTransition transition = new HamiltonianTransition(50, new double[] {1, 1}, 2);
        for (int t = 0; t < 4; t++) {
            transition.move(density, chains, 0.9, 3, t);
        }
        double[] logDensities = chains.logDensities().clone();
        double[] scores = chains.scores().clone();
        chains.evaluate(density);
        assertThat(logDensities).containsExactly(chains.logDensities());
        assertThat(scores).containsExactly(chains.scores());
    }

    /** A chain's path depends on no other: the first ten of fifty are the ten alone. */
    @Test
    void chainsAreIndependent() {
        Density density = Density.of(GAUSSIAN);
        double[] starts = points(GAUSSIAN, 50, 1);
        Chains many = new Chains(density, starts, 50);
        Chains few = new Chains(density, starts, 10);
        new HamiltonianTransition(50, new double[] {1, 1}, 2).move(density, many, 0.5, 3, 0);
        new HamiltonianTransition(10, new double[] {1, 1}, 2).move(density, few, 0.5, 3, 0);
        assertThat(few.points()).containsExactly(Arrays.copyOf(many.points(), 20));
    }

    /** A density on x > 0 alone: beyond it the log-density is negative infinity, or NaN, or only the score is none. */
    @Test
    void whatIsNotFiniteIsRejected() {
        for (double[] beyond : new double[][] {
            {Double.NEGATIVE_INFINITY, 0}, {Double.NaN, 0}, {Double.POSITIVE_INFINITY, 0}, {0, Double.NaN}
        }) {
            Density halfLine = new Density() {
                @Override
                public int dimension() {
                    return 1;
                }

                @Override
                public void evaluate(
                        double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
                    for (int row = 0; row < count; row++) {
                        boolean inside = points[row] > 0;
                        if (logDensities != null) {
                            logDensities[row] = inside ? -points[row] : beyond[0];
                        }
                        if (scores != null) {
                            scores[row] = inside ? -1 : beyond[1];
                        }
                    }
                }
            };
            double[] starts = new double[1000];
            Arrays.fill(starts, 0.5);
            Chains chains = new Chains(halfLine, starts, 1000);
            HamiltonianTransition transition = new HamiltonianTransition(1000, new double[] {1}, 1);
            double acceptance = 1;
            for (int t = 0; t < 3; t++) {
                acceptance = transition.move(halfLine, chains, 0.5, 2, t);
            }
            assertThat(acceptance).isBetween(0.3, 0.9);
            assertThat(Arrays.stream(chains.points()).min().orElseThrow()).isPositive();
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        Density density = Density.of(GAUSSIAN);
        assertThatThrownBy(() -> new Chains(density, new double[3], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 numbers")
                .hasMessageContaining("has 3");
        assertThatThrownBy(() -> new HamiltonianTransition(2, new double[] {1, 0}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0.0");
        Chains chains = new Chains(density, new double[4], 2);
        HamiltonianTransition transition = new HamiltonianTransition(2, new double[] {1, 1}, 1);
        for (double step : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> transition.move(density, chains, step, 1, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + step);
        }
        assertThatThrownBy(() -> transition.move(density, chains, 1, 0, 0)).hasMessageContaining("0 of 1.0");
        assertThatThrownBy(() -> new HamiltonianTransition(3, new double[] {1, 1}, 1).move(density, chains, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 chains");
    }
}
