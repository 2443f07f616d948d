package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Gaussian;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteinTestTest {
    private static final List<SteinKernel> KERNELS = List.of(
            new SteinKernel.InverseMultiquadric(1, -0.5),
            new SteinKernel.InverseMultiquadric(0.7, -0.3),
            new SteinKernel.RadialBasis(0),
            new SteinKernel.RadialBasis(1.3));

    private static SteinTest test(SteinKernel kernel) {
        return new SteinTest(kernel, 199, 1000);
    }

    /** Scores of the model N(0, I). */
    private static double[] standardScores(double[] points) {
        return Arrays.stream(points).map(x -> -x).toArray();
    }

    private static double rejections(SteinKernel kernel, Gaussian truth, int rows, int repeats) {
        int rejected = 0;
        for (int repeat = 0; repeat < repeats; repeat++) {
            double[] points = Draws.of(truth, rows, 500 + repeat);
            TestResult result = test(kernel).test(points, standardScores(points), truth.dimension(), repeat);
            rejected += result.pValue() <= 0.05 ? 1 : 0;
        }
        return (double) rejected / repeats;
    }

    /** 5 % +- 3 over 200 repeats: two standard deviations of the binomial. The seeds are fixed. */
    @Test
    void keepsItsLevel() {
        for (SteinKernel kernel : KERNELS.subList(0, 3)) {
            assertThat(rejections(kernel, Draws.normal(2, 0, 1), 100, 200)).isBetween(0.02, 0.08);
        }
    }

    @Test
    void rejectsAWrongMean() {
        for (SteinKernel kernel : KERNELS) {
            assertThat(rejections(kernel, Draws.normal(2, 0.35, 1), 100, 50)).isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void rejectsAWrongSpread() {
        assertThat(rejections(KERNELS.get(0), Draws.normal(2, 0, 2), 100, 50)).isGreaterThanOrEqualTo(0.9);
        assertThat(rejections(KERNELS.get(0), Draws.normal(2, 0, 0.5), 100, 50)).isGreaterThanOrEqualTo(0.9);
    }

    /** The Stein kernel against its definition, with the kernel's derivatives by central differences. */
    @Test
    void theStatisticIsTheDefinitions() {
        int dimension = 3;
        int count = 10;
        double[] points = Draws.of(Draws.normal(dimension, 0.2, 0.8), count, 4);
        double[] scores = Draws.of(Draws.normal(dimension, -0.1, 1.5), count, 5);
        for (SteinKernel kernel : KERNELS) {
            SteinKernel settled = kernel.settle(points, dimension);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < count; j++) {
                    sum += i == j ? 0 : byDifferences(settled, points, scores, i, j, dimension);
                }
            }
            TestResult result = test(kernel).test(points, scores, dimension, 1);
            // The rows are taken in another order, which the sum does not depend on.
            assertThat(result.statistic()).isCloseTo(sum / (count * (count - 1)), within(1e-5));
            assertThat(result.rows()).isEqualTo(count);
        }
    }

    private static double byDifferences(
            SteinKernel kernel, double[] points, double[] scores, int i, int j, int dimension) {
        double[] x = Arrays.copyOfRange(points, i * dimension, (i + 1) * dimension);
        double[] y = Arrays.copyOfRange(points, j * dimension, (j + 1) * dimension);
        double h = 1e-4;
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
            double first = scores[i * dimension + d];
            double second = scores[j * dimension + d];
            double up = value(kernel, x, y, d, h, 0);
            double down = value(kernel, x, y, d, -h, 0);
            double right = value(kernel, x, y, d, 0, h);
            double left = value(kernel, x, y, d, 0, -h);
            double mixed = value(kernel, x, y, d, h, h)
                    - value(kernel, x, y, d, h, -h)
                    - value(kernel, x, y, d, -h, h)
                    + value(kernel, x, y, d, -h, -h);
            sum += first * second * value(kernel, x, y, d, 0, 0)
                    + first * (right - left) / (2 * h)
                    + second * (up - down) / (2 * h)
                    + mixed / (4 * h * h);
        }
        return sum;
    }

    private static double value(SteinKernel kernel, double[] x, double[] y, int column, double dx, double dy) {
        double square = 0;
        for (int d = 0; d < x.length; d++) {
            double step = x[d] - y[d] + (d == column ? dx - dy : 0);
            square += step * step;
        }
        double[] phi = new double[3];
        kernel.evaluate(square, phi);
        return phi[0];
    }

    @Test
    void ofTooManyRowsSomeAreTested() {
        double[] points = Draws.of(Draws.normal(2, 0, 1), 300, 1);
        SteinTest few = new SteinTest(KERNELS.get(0), 99, 50);
        TestResult result = few.test(points, standardScores(points), 2, 1);
        assertThat(result.rows()).isEqualTo(50);
        assertThat(few.test(points, standardScores(points), 2, 1)).isEqualTo(result);
        assertThat(few.test(points, standardScores(points), 2, 2).statistic()).isNotEqualTo(result.statistic());
    }

    @Test
    void refusesWhatMakesNoSense() {
        SteinTest standard = SteinTest.standard();
        assertThatThrownBy(() -> standard.test(new double[18], new double[18], 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 10 rows")
                .hasMessageContaining("not 9");
        assertThatThrownBy(() -> standard.test(new double[20], new double[18], 2, 1))
                .hasMessageContaining("20, not 18");
        assertThatThrownBy(() -> standard.test(new double[21], new double[21], 2, 1))
                .hasMessageContaining("rows of 2");
        double[] scores = new double[20];
        scores[5] = Double.NaN;
        assertThatThrownBy(() -> standard.test(new double[20], scores, 2, 1))
                .hasMessageContaining("scores: row 2, column 1")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> test(new SteinKernel.RadialBasis(0)).test(new double[20], new double[20], 2, 1))
                .hasMessageContaining("pairs of rows are equal");
        assertThatThrownBy(() -> new SteinTest(KERNELS.get(0), 18, 1000)).hasMessageContaining("not 18");
        assertThatThrownBy(() -> new SteinTest(KERNELS.get(0), 99, 9)).hasMessageContaining("not 9");
        for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new SteinKernel.InverseMultiquadric(scale, -0.5))
                    .hasMessageContaining("not " + scale);
        }
        for (double exponent : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> new SteinKernel.InverseMultiquadric(1, exponent))
                    .hasMessageContaining("not " + exponent);
        }
        assertThatThrownBy(() -> new SteinKernel.RadialBasis(-1)).hasMessageContaining("not -1");
    }
}
