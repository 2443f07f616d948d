package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.math.Erf;
import io.github.slicedscore.model.NoiseLevels;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers that follow exact noised scores. */
class NoisedSamplersTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(10, 0.05, 12);

    /** Mean 0 and variance 1 in the first column; two modes of 30 and 70 %. */
    private static final GaussianMixture MIXTURE = new GaussianMixture(
            new double[] {0.3, 0.7},
            new double[][] {{-1.2, 0.5}, {1.2 * 3 / 7, -0.5}},
            new double[][] {{0.6, 0.8}, {0.6, 0.3}});

    /** A way to draw from a noised score, and by how much its moments may be off beside chance. */
    private record Method(String name, double bias, Draw draw) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Draw {
        double[] from(NoisedScore score, int count, long seed);
    }

    /** Annealed Langevin dynamics does not stay long enough at a level to carry all of a mode's excess to the other. */
    static Stream<Method> methods() {
        return Stream.of(
                new Method("annealed", 0.03, new AnnealedLangevin(60, 0.8, false)::draw),
                new Method("flow", 0, ProbabilityFlow.standard()::draw),
                new Method("sde", 0, new ReverseSde(300, 0, 0.16)::draw),
                new Method("corrected sde", 0, new ReverseSde(200, 1, 0.05)::draw));
    }

    /** x1, x2, their products, and whether the point is in the left mode. */
    private static double[] features(double x, double y) {
        return new double[] {x, y, x * x, x * y, y * y, x < -0.4 ? 1 : 0};
    }

    /** Their means under a mixture. */
    private static double[] known(GaussianMixture mixture) {
        double[] known = new double[6];
        for (int k = 0; k < 2; k++) {
            double w = mixture.weights()[k];
            double[] m = mixture.means()[k];
            double[] d = mixture.deviations()[k];
            known[0] += w * m[0];
            known[1] += w * m[1];
            known[2] += w * (m[0] * m[0] + d[0] * d[0]);
            known[3] += w * m[0] * m[1];
            known[4] += w * (m[1] * m[1] + d[1] * d[1]);
            known[5] += w * 0.5 * (1 + Erf.erf((-0.4 - m[0]) / d[0] / Math.sqrt(2)));
        }
        return known;
    }

    /** Means of the features within 4 standard errors of the known ones. */
    @ParameterizedTest
    @MethodSource("methods")
    void momentsAndSharesAreTheMixtures(Method method) {
        int count = 3000;
        NoisedMixture score = new NoisedMixture(MIXTURE, LEVELS);
        double[] points = method.draw().from(score, count, 1);
        double[] known = known(score.noised(LEVELS.smallest()));
        double[] mean = new double[6];
        double[] square = new double[6];
        for (int row = 0; row < count; row++) {
            double[] features = features(points[2 * row], points[2 * row + 1]);
            for (int i = 0; i < 6; i++) {
                mean[i] += features[i] / count;
                square[i] += features[i] * features[i] / count;
            }
        }
        for (int i = 0; i < 6; i++) {
            double error = Math.sqrt((square[i] - mean[i] * mean[i]) / count);
            assertThat(mean[i]).as("feature " + i).isCloseTo(known[i], within(4 * error + method.bias()));
        }
    }

    /** Means of the squares of columns of 20,000 points, with 4 of their standard errors. */
    private static void assertVariances(double[] points, double... variances) {
        int dimension = variances.length;
        double[] found = new double[dimension];
        for (int i = 0; i < points.length; i++) {
            found[i % dimension] += points[i] * points[i] * dimension / points.length;
        }
        for (int i = 0; i < dimension; i++) {
            double error = 4 * Math.sqrt(2.0 * dimension / points.length);
            assertThat(found[i] / variances[i]).as("column " + i).isCloseTo(1, within(error));
        }
    }

    private static NoisedScore normal(NoiseLevels levels, double... deviations) {
        return new NoisedMixture(
                new GaussianMixture(
                        new double[] {1}, new double[][] {new double[deviations.length]}, new double[][] {deviations}),
                levels);
    }

    /**
     * On N(0, d^2) every step is linear: with V = d^2 + sigma^2, the variance becomes (1 - alpha/(2 V))^2 v + alpha. Two steps a
     * level are far from any equilibrium, so that a step or a level misread shows.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void annealedLangevinStepsAreTheKnownOnes(boolean denoise) {
        NoiseLevels levels = new NoiseLevels(3, 0.3, 4);
        double[] deviations = {0.5, 1.5};
        double[] points = new AnnealedLangevin(2, 0.5, denoise).draw(normal(levels, deviations), 20_000, 1);
        double[] variances = new double[2];
        for (int i = 0; i < 2; i++) {
            double v = 1 + 9;
            for (double sigma : levels.toArray()) {
                double alpha = 0.5 * sigma * sigma;
                double noised = deviations[i] * deviations[i] + sigma * sigma;
                for (int t = 0; t < 2; t++) {
                    v = Math.pow(1 - alpha / 2 / noised, 2) * v + alpha;
                }
            }
            double shrink = 1 - 0.09 / (deviations[i] * deviations[i] + 0.09);
            variances[i] = denoise ? shrink * shrink * v : v;
        }
        assertVariances(points, variances);
    }

    /** The same of the predictor: with d = sigma_{i-1}^2 - sigma_i^2 and V at level i-1, v becomes (1 - d/V)^2 v + d. */
    @Test
    void predictorStepsAreTheKnownOnes() {
        double[] deviations = {0.5, 1.5};
        NoiseLevels levels = new NoiseLevels(3, 0.3, 2);
        double[] points = new ReverseSde(4, 0, 0.5).draw(normal(levels, deviations), 20_000, 1);
        double[] variances = new double[2];
        for (int i = 0; i < 2; i++) {
            variances[i] = 1 + 9;
            for (int step = 0; step < 4; step++) {
                double sigma = 3 * Math.pow(0.1, step / 4.0);
                double next = 3 * Math.pow(0.1, (step + 1) / 4.0);
                double removed = sigma * sigma - next * next;
                double noised = deviations[i] * deviations[i] + sigma * sigma;
                variances[i] = Math.pow(1 - removed / noised, 2) * variances[i] + removed;
            }
        }
        assertVariances(points, variances);
    }

    /** With e = 2 r^2 sigma_i^2 and V at level i, v becomes (1 - e/V)^2 v + 2 e. */
    @Test
    void correctorStepsAreTheKnownOnes() {
        double r = 0.3;
        NoiseLevels levels = new NoiseLevels(3, 0.3, 2);
        double[] points = new ReverseSde(4, 2, r).draw(normal(levels, 0.7), 20_000, 1);
        double v = 1 + 9;
        for (int step = 0; step < 4; step++) {
            double sigma = 3 * Math.pow(0.1, step / 4.0);
            double next = 3 * Math.pow(0.1, (step + 1) / 4.0);
            double removed = sigma * sigma - next * next;
            v = Math.pow(1 - removed / (0.49 + sigma * sigma), 2) * v + removed;
            double noised = 0.49 + next * next;
            for (int t = 0; t < 2; t++) {
                double e = 2 * r * r * next * next;
                v = Math.pow(1 - e / noised, 2) * v + 2 * e;
            }
        }
        assertVariances(points, v);
    }

    /** One sample of one column at a time, of N(0, 1): the square of 2000 within 4 standard errors, and the steps' bias. */
    @Test
    void theCorrectorTakesASampleByItself() {
        NoisedScore score = normal(LEVELS, 1);
        double square = 0;
        for (int seed = 0; seed < 2000; seed++) {
            double point = new ReverseSde(100, 1, 0.16).draw(score, 1, seed)[0];
            square += point * point / 2000;
        }
        assertThat(square).isCloseTo(1, within(4 * Math.sqrt(2.0 / 2000) + 0.03));
    }

    /** Detail much finer than the noise: the steps stay stable, and the excess is the known share at most. */
    @Test
    void theCorrectorIsStableWhereDetailIsFinerThanTheNoise() {
        double[] points = new ReverseSde(100, 2, 0.16).draw(normal(LEVELS, 1e-4), 20_000, 1);
        double square = 0;
        for (double point : points) {
            square += point * point / points.length;
        }
        double excess = square / (LEVELS.smallest() * LEVELS.smallest());
        assertThat(excess).isBetween(0.97, 1.25);
    }

    /** Neither the predictor nor the corrector looks at the samples beside one. */
    @Test
    void samplesDoNotDependOnThoseBesideThem() {
        NoisedScore score = normal(LEVELS, 1, 0.3);
        for (ReverseSde method : new ReverseSde[] {new ReverseSde(20, 0, 0.16), new ReverseSde(20, 2, 0.16)}) {
            double[] many = method.draw(score, 9, 4);
            assertThat(method.draw(score, 1, 4)).containsExactly(many[0], many[1]);
        }
    }

    /** On N(0, d^2) the flow is x (V_smallest / V_largest)^(1/2), so of each starting point its end is known. */
    @Test
    void theFlowsEndIsTheKnownOne() {
        double[] deviations = {0.5, 1.5};
        NoisedScore score = normal(LEVELS, deviations);
        double[] ends = ProbabilityFlow.standard().draw(score, 100, 5);
        double[] starts = StandardUnits.noisiest(score, 100, 5);
        for (int i = 0; i < ends.length; i++) {
            double square = deviations[i % 2] * deviations[i % 2];
            assertThat(ends[i]).isCloseTo(starts[i] * Math.sqrt((square + 0.0025) / (square + 100)), within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theSeedDecides(Method method) {
        NoisedScore score = normal(new NoiseLevels(3, 0.3, 2), 1, 1);
        double[] points = method.draw().from(score, 20, 1);
        assertThat(method.draw().from(score, 20, 1)).containsExactly(points);
        assertThat(method.draw().from(score, 20, 2)).isNotEqualTo(points);
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertThatThrownBy(() -> new AnnealedLangevin(0, 0.1, true)).hasMessageContaining("at least one step a level");
        assertThatThrownBy(() -> new ReverseSde(0, 1, 0.1)).hasMessageContaining("at least one step, not 0");
        assertThatThrownBy(() -> new ReverseSde(1, -1, 0.1)).hasMessageContaining("not -1");
        for (double step : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new AnnealedLangevin(1, step, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + step);
            assertThatThrownBy(() -> new ReverseSde(1, 1, step))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + step);
        }
        assertThatThrownBy(() -> new ReverseSde(1, 1, 1)).hasMessageContaining("less than 1, not 1.0");
        NoisedScore score = normal(LEVELS, 1);
        assertThatThrownBy(() -> ReverseSde.standard().draw(score, 0, 1)).hasMessageContaining("not 0");
    }
}
