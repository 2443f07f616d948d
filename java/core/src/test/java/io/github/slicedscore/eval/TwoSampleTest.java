package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Gaussian;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** MMD and the classifier test on pairs of samples that come from one distribution, or from two. */
class TwoSampleTest {
    private static final MaximumMeanDiscrepancy DISCREPANCY = new MaximumMeanDiscrepancy(List.of(0.5, 1.0), 199, 1000);
    private static final ClassifierTwoSampleTest CLASSIFIER = new ClassifierTwoSampleTest(0, 1000);

    private interface Method {
        TestResult test(double[] first, double[] second, int dimension, long seed);
    }

    private static double rejections(Method test, Gaussian first, Gaussian second, int rows, int repeats) {
        int rejected = 0;
        for (int repeat = 0; repeat < repeats; repeat++) {
            TestResult result = test.test(
                    Draws.of(first, rows, 2L * repeat),
                    Draws.of(second, rows + 30, 2L * repeat + 1),
                    first.dimension(),
                    repeat);
            rejected += result.pValue() <= 0.05 ? 1 : 0;
        }
        return (double) rejected / repeats;
    }

    /** The permutation test is exact, so 5 % +- 3 over 200 repeats is two standard deviations of the binomial. */
    @Test
    void theDiscrepancyKeepsItsLevel() {
        double level = rejections(DISCREPANCY::test, Draws.normal(2, 0, 1), Draws.normal(2, 0, 1), 60, 200);
        assertThat(level).isBetween(0.02, 0.08);
    }

    /** A count takes whole values, so the level of 5 % is not used up. */
    @Test
    void theClassifierKeepsItsLevel() {
        double level = rejections(CLASSIFIER::test, Draws.normal(2, 0, 1), Draws.normal(2, 0, 1), 100, 200);
        assertThat(level).isBetween(0.005, 0.08);
    }

    @Test
    void bothRejectShiftedAndStretchedSamples() {
        Gaussian truth = Draws.normal(2, 0, 1);
        for (Gaussian wrong : List.of(Draws.normal(2, 0.8, 1), Draws.normal(2, 0, 4))) {
            assertThat(rejections(DISCREPANCY::test, truth, wrong, 100, 40)).isGreaterThanOrEqualTo(0.9);
            assertThat(rejections(CLASSIFIER::test, truth, wrong, 200, 40)).isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void theDiscrepancyIsTheDefinitions() {
        int n = 12;
        int m = 17;
        double[] x = Draws.of(Draws.normal(3, 0, 1), n, 1);
        double[] y = Draws.of(Draws.normal(3, 0.5, 1), m, 2);
        double[] all = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, all, x.length, y.length);
        double h = Points.medianDistance(all, n + m, 3);
        double sum = 0;
        for (int i = 0; i < n + m; i++) {
            for (int j = 0; j < n + m; j++) {
                double square = Points.squaredDistance(all, i, j, 3);
                double kernel = 0.5 * (Math.exp(-square / (2 * h * h)) + Math.exp(-square / (0.5 * h * h)));
                if (i < n != j < n) {
                    sum -= kernel / (n * m);
                } else if (i != j) {
                    sum += i < n ? kernel / (n * (n - 1)) : kernel / (m * (m - 1));
                }
            }
        }
        TestResult result = DISCREPANCY.test(x, y, 3, 1);
        assertThat(result.statistic()).isCloseTo(sum, within(1e-12));
        assertThat(result.rows()).isEqualTo(n + m);
    }

    /** Halves of two clusters far apart: every vote is right, and the chance of that is 2^-n. */
    @Test
    void clustersApartAreToldApartWithoutError() {
        TestResult result =
                CLASSIFIER.test(Draws.of(Draws.normal(2, 0, 1), 40, 1), Draws.of(Draws.normal(2, 20, 1), 60, 2), 2, 1);
        assertThat(result.statistic()).isEqualTo(1);
        assertThat(result.rows()).isEqualTo(40);
        assertThat(result.pValue()).isCloseTo(Math.pow(2, -40), within(1e-20));
    }

    @Test
    void theBinomialTailIsExact() {
        assertThat(ClassifierTwoSampleTest.upperTail(10, 0)).isCloseTo(1, within(1e-12));
        assertThat(ClassifierTwoSampleTest.upperTail(10, 5)).isCloseTo(638 / 1024.0, within(1e-12));
        assertThat(ClassifierTwoSampleTest.upperTail(10, 8)).isCloseTo(56 / 1024.0, within(1e-12));
        assertThat(ClassifierTwoSampleTest.upperTail(10, 10)).isCloseTo(1 / 1024.0, within(1e-12));
        assertThat(ClassifierTwoSampleTest.upperTail(2000, 1000)).isBetween(0.5, 0.51);
    }

    @Test
    void theSeedDecides() {
        double[] first = Draws.of(Draws.normal(2, 0, 1), 100, 1);
        double[] second = Draws.of(Draws.normal(2, 0.2, 1), 100, 2);
        for (Method test : List.<Method>of(DISCREPANCY::test, CLASSIFIER::test)) {
            assertThat(test.test(first, second, 2, 5)).isEqualTo(test.test(first, second, 2, 5));
            assertThat(test.test(first, second, 2, 5)).isNotEqualTo(test.test(first, second, 2, 6));
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        double[] enough = Draws.of(Draws.normal(2, 0, 1), 30, 1);
        for (Method test : List.<Method>of(DISCREPANCY::test, CLASSIFIER::test)) {
            assertThatThrownBy(() -> test.test(enough, new double[18], 2, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("needs at least")
                    .hasMessageContaining("not 9");
            assertThatThrownBy(() -> test.test(new double[61], enough, 2, 1)).hasMessageContaining("rows of 2");
            double[] broken = enough.clone();
            broken[3] = Double.POSITIVE_INFINITY;
            assertThatThrownBy(() -> test.test(enough, broken, 2, 1))
                    .hasMessageContaining("the second sample: row 1, column 1")
                    .hasMessageContaining("Infinity");
        }
        assertThatThrownBy(() -> new MaximumMeanDiscrepancy(List.of(), 99, 100)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new MaximumMeanDiscrepancy(List.of(0.0), 99, 100))
                .hasMessageContaining("[0.0]");
        assertThatThrownBy(() -> new MaximumMeanDiscrepancy(List.of(1.0), 1, 100))
                .hasMessageContaining("not 1");
        assertThatThrownBy(() -> new ClassifierTwoSampleTest(4, 100)).hasMessageContaining("not 4");
        assertThatThrownBy(() -> new ClassifierTwoSampleTest(-1, 100)).hasMessageContaining("not -1");
        assertThatThrownBy(() -> new ClassifierTwoSampleTest(1, 19)).hasMessageContaining("not 19");
        assertThatThrownBy(() -> new ClassifierTwoSampleTest(31, 100).test(enough, enough, 2, 1))
                .hasMessageContaining("31 neighbours are more than the 30 rows");
    }
}
