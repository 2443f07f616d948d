package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.model.NoiseLevels;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The probability flow of exact noised scores, whose densities are known. */
class ProbabilityFlowTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(20, 0.05, 10);

    static Stream<NoisedMixture> scores() {
        return Stream.of(
                new NoisedMixture(
                        new GaussianMixture(
                                new double[] {1}, new double[][] {{0.1, 0, -0.1}}, new double[][] {{1.2, 0.7, 1}}),
                        LEVELS),
                // Mean 0 and variance 1 in the first column; correlated through the components.
                new NoisedMixture(
                        new GaussianMixture(
                                new double[] {0.3, 0.7},
                                new double[][] {{-1.2, 0.8}, {1.2 * 3 / 7, -0.8 * 3 / 7}},
                                new double[][] {{0.5, 0.6}, {0.7, 0.9}}),
                        LEVELS));
    }

    private static double[] points(GaussianMixture mixture, int count) {
        Dataset sample = mixture.sample(4, count);
        double[] points = new double[count * mixture.dimension()];
        for (int row = 0; row < count; row++) {
            sample.copyRow(row, points, row * mixture.dimension());
        }
        return points;
    }

    private static double[] truth(NoisedMixture score, double[] points, int count) {
        double[] truth = new double[count];
        Density.of(score.noised(LEVELS.smallest())).evaluate(points, count, truth, null);
        return truth;
    }

    @ParameterizedTest
    @MethodSource("scores")
    void logLikelihoodByTheExactDivergenceIsWithinAHundredthOfANat(NoisedMixture score) {
        int count = 200;
        double[] points = points(score.noised(0.5), count);
        double[] truth = truth(score, points, count);
        FlowLikelihood likelihood =
                ProbabilityFlow.standard().logLikelihood(score, points, count, new Divergence.Exact());
        assertThat(likelihood.values()).containsExactly(truth, within(0.01));
        assertThat(likelihood.standardErrors()).containsOnly(0);
        double worst = 0;
        for (int i = 0; i < count; i++)
            worst = Math.max(worst, Math.abs(truth[i] - likelihood.values()[i]));
        System.out.println("worst " + worst + " evals " + likelihood.evaluations());
        assertThat(likelihood.mean())
                .isCloseTo(java.util.Arrays.stream(truth).average().orElseThrow(), within(0.005));
    }

    /** Each row within 3 of its standard errors, but for 0.5 % or so that chance allows, and their mean within 3 of its own. */
    @ParameterizedTest
    @MethodSource("scores")
    void logLikelihoodByHutchinsonsEstimateIsWithinThreeStandardErrors(NoisedMixture score) {
        int count = 200;
        double[] points = points(score.noised(0), count);
        double[] truth = truth(score, points, count);
        FlowLikelihood likelihood =
                ProbabilityFlow.standard().logLikelihood(score, points, count, new Divergence.Hutchinson(50, 1));
        int outside = 0;
        double difference = 0;
        double variance = 0;
        for (int row = 0; row < count; row++) {
            double error = likelihood.standardErrors()[row];
            double off = likelihood.values()[row] - truth[row];
            outside += Math.abs(off) > 3 * error + 0.01 ? 1 : 0;
            difference += off / count;
            variance += error * error / count / count;
        }
        System.out.println("outside " + outside + " diff " + difference + " se " + Math.sqrt(variance));
        assertThat(outside).isLessThanOrEqualTo(4);
        assertThat(difference).isCloseTo(0, within(3 * Math.sqrt(variance) + 0.005));
    }
}
