package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.ToyDistribution;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Log-likelihoods by the probability flow of exact noised scores, whose densities are known. */
class ProbabilityFlowTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(50, 0.05, 10);
    private static final int ROWS = 200;

    /** A noised score, and its density at the smallest level. */
    private record Case(NoisedScore score, ToyDistribution truth) {
        @Override
        public String toString() {
            return truth.toString();
        }

        double[] points() {
            Dataset sample = truth.sample(4, ROWS);
            double[] points = new double[ROWS * truth.dimension()];
            for (int row = 0; row < ROWS; row++) {
                sample.copyRow(row, points, row * truth.dimension());
            }
            return points;
        }

        double[] logDensities() {
            double[] values = new double[ROWS];
            Density.of(truth).evaluate(points(), ROWS, values, null);
            return values;
        }
    }

    /** Means are 0 and variances about 1, as those of standardised data. */
    static Stream<Case> cases() {
        NoisedGaussian gaussian =
                new NoisedGaussian(new double[][] {{1, 0.7, -0.2}, {0.7, 1.2, 0.1}, {-0.2, 0.1, 0.8}}, LEVELS);
        NoisedMixture mixture = new NoisedMixture(
                new GaussianMixture(
                        new double[] {0.3, 0.7},
                        new double[][] {{-1.2, 0.8}, {1.2 * 3 / 7, -0.8 * 3 / 7}},
                        new double[][] {{0.5, 0.6}, {0.7, 0.9}}),
                LEVELS);
        return Stream.of(
                new Case(gaussian, gaussian.noised(LEVELS.smallest())),
                new Case(mixture, mixture.noised(LEVELS.smallest())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logLikelihoodByTheExactDivergenceIsWithinAHundredthOfANat(Case c) {
        FlowLikelihood likelihood =
                ProbabilityFlow.standard().logLikelihood(c.score(), c.points(), ROWS, new Divergence.Exact());
        assertThat(likelihood.values()).containsExactly(c.logDensities(), within(0.01));
        assertThat(likelihood.standardErrors()).containsOnly(0);
        assertThat(likelihood.evaluations()).isLessThan(200);
    }

    /** A long path with many columns would allocate its directions some thousand times. */
    @Test
    void theExactDivergenceTakesOneArrayOfDirections() {
        NoisedGaussian gaussian = new NoisedGaussian(new double[][] {{1, 0.7}, {0.7, 1.2}}, LEVELS);
        Set<double[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        NoisedScore watched = new NoisedScore() {
            @Override
            public int dimension() {
                return gaussian.dimension();
            }

            @Override
            public NoiseLevels levels() {
                return gaussian.levels();
            }

            @Override
            public void score(double[] points, int count, double sigma, double[] into) {
                gaussian.score(points, count, sigma, into);
            }

            @Override
            public void jvp(double[] points, double[] directions, int count, double sigma, double[] into) {
                arrays.add(directions);
                gaussian.jvp(points, directions, count, sigma, into);
            }
        };
        ProbabilityFlow.standard().logLikelihood(watched, new double[2], 1, new Divergence.Exact());
        assertThat(arrays).hasSize(1);
    }

    /**
     * With 64 probes a row's error is within 3 of its standard errors with probability 0.996 (Student's t with 63 degrees of
     * freedom): of 200 rows more than 4 outside have probability 0.001. The mean of all is within 3 of its own.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void logLikelihoodByHutchinsonsEstimateIsWithinThreeStandardErrors(Case c) {
        FlowLikelihood likelihood =
                ProbabilityFlow.standard().logLikelihood(c.score(), c.points(), ROWS, new Divergence.Hutchinson(64, 1));
        double[] truth = c.logDensities();
        int outside = 0;
        double difference = 0;
        double variance = 0;
        double squares = 0;
        for (int row = 0; row < ROWS; row++) {
            double error = likelihood.standardErrors()[row];
            double off = likelihood.values()[row] - truth[row];
            outside += Math.abs(off) > 3 * error ? 1 : 0;
            squares += off * off / (error * error) / ROWS;
            difference += off / ROWS;
            variance += error * error / ROWS / ROWS;
        }
        assertThat(outside).isLessThanOrEqualTo(4);
        assertThat(difference).isCloseTo(0, within(3 * Math.sqrt(variance)));
        // Errors no larger than they need be: 200 of their squares average 1 +- 4 x 0.1.
        assertThat(squares).isCloseTo(1, within(0.4));
    }

    /** The same probes for the same seed, and for a row the same whatever rows stand beside it. */
    @Test
    void theSeedDecides() {
        NoisedScore score = cases().findFirst().orElseThrow().score();
        double[] points = cases().findFirst().orElseThrow().points();
        ProbabilityFlow flow = ProbabilityFlow.standard();
        Divergence one = new Divergence.Hutchinson(4, 1);
        double[] values = flow.logLikelihood(score, points, 20, one).values();
        assertThat(flow.logLikelihood(score, points, 20, one).values()).containsExactly(values);
        assertThat(flow.logLikelihood(score, points, 20, new Divergence.Hutchinson(4, 2))
                        .values())
                .isNotEqualTo(values);
        // Alone it takes other steps.
        assertThat(flow.logLikelihood(score, points, 1, one).values()[0]).isCloseTo(values[0], within(1e-3));
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (double tolerance : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new ProbabilityFlow(tolerance, 1e-5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("relative")
                    .hasMessageContaining("" + tolerance);
            assertThatThrownBy(() -> new ProbabilityFlow(1e-5, tolerance))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("absolute");
        }
        assertThatThrownBy(() -> new Divergence.Hutchinson(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 probes");
        NoisedScore score = cases().findFirst().orElseThrow().score();
        assertThatThrownBy(
                        () -> ProbabilityFlow.standard().logLikelihood(score, new double[5], 2, new Divergence.Exact()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 numbers")
                .hasMessageContaining("has 5");
    }
}
