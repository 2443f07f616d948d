package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Cholesky;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference of deep kernel energies against differences and against what a minimum is. */
class KernelOracleTest {
    private static final double STEP = 1e-4;

    private final KernelCase energy = KernelCase.of(3, 6, 1);
    private final KernelOracle oracle = energy.oracle();

    static List<Objective> objectives() {
        return KernelCase.objectives();
    }

    @Test
    void scoreAndProductsAreDifferencesOfTheValue() {
        double[] x = {0.3, -0.8, 1.1};
        double[] v = {-0.7, 0.4, 0.2};
        double[] score = oracle.score(x);
        double[] product = oracle.product(x, v);
        for (int i = 0; i < x.length; i++) {
            int index = i;
            double[] ahead = moved(x, i, STEP);
            double[] behind = moved(x, i, -STEP);
            assertThat(score[i]).isCloseTo((oracle.value(ahead) - oracle.value(behind)) / (2 * STEP), within(1e-7));
            assertThat(product[index])
                    .isCloseTo((dot(v, oracle.score(ahead)) - dot(v, oracle.score(behind))) / (2 * STEP), within(1e-7));
        }
    }

    /** In closed form: one point, one kernel, features x itself. */
    @Test
    void oneGaussian() {
        var single = new io.github.slicedscore.model.DeepKernelEnergy(
                1, List.of(), io.github.slicedscore.model.Activation.SOFTPLUS, 1, 1, 1, 2);
        // weight, bias, skip, point, log bandwidth, logit, log regularizer, coefficient
        KernelOracle one = new KernelOracle(single, new double[] {0, 5, 1, 0.5, Math.log10(0.8), 3, -1, 1.5});
        double u = 0.7 - 0.5;
        double e = Math.exp(-u * u / 1.6);
        assertThat(one.value(new double[] {0.7})).isCloseTo(1.5 * e - 0.49 / 8, within(1e-14));
        assertThat(one.score(new double[] {0.7})[0]).isCloseTo(-1.5 * e * u / 0.8 - 0.7 / 4, within(1e-14));
        assertThat(one.product(new double[] {0.7}, new double[] {1})[0])
                .isCloseTo(1.5 * e * (u * u / 0.64 - 1 / 0.8) - 0.25, within(1e-14));
    }

    /** A polynomial of the second degree has no third difference. */
    @ParameterizedTest
    @MethodSource("objectives")
    void lossesAreQuadraticInTheCoefficients(Objective objective) {
        Oracle.Batch batch = energy.batch(objective, 3, 2);
        double[][] at = new double[4][];
        for (int t = 0; t < at.length; t++) {
            double[] alpha = oracle.coefficients();
            for (int l = 0; l < alpha.length; l++) {
                alpha[l] += t * Math.cos(l);
            }
            at[t] = oracle.losses(objective, batch, alpha);
        }
        for (int n = 0; n < 3; n++) {
            assertThat(at[3][n] - 3 * at[2][n] + 3 * at[1][n] - at[0][n]).isCloseTo(0, within(1e-9));
            assertThat(at[2][n] - 2 * at[1][n] + at[0][n]).isGreaterThan(1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void coefficientsAreTheMinimum(Objective objective) {
        Oracle.Batch batch = energy.batch(objective, 5, 3);
        double[] alpha = oracle.solve(objective, batch);
        double least = regularized(objective, batch, alpha);
        for (int l = 0; l < alpha.length; l++) {
            double ahead = regularized(objective, batch, moved(alpha, l, 0.1));
            double behind = regularized(objective, batch, moved(alpha, l, -0.1));
            assertThat(ahead).isGreaterThan(least);
            assertThat(ahead - behind).isCloseTo(0, within(1e-10));
        }
    }

    private double regularized(Objective objective, Oracle.Batch batch, double[] alpha) {
        return Arrays.stream(oracle.losses(objective, batch, alpha)).average().orElseThrow()
                + oracle.regularizer() * dot(alpha, alpha) / 2;
    }

    /** With u(alpha) a linear function: du/dlog10 lambda = -ln 10 lambda u((G + lambda)^-1 alpha), the rule for the others, too. */
    @Test
    void derivativeOfTheSolveInTheRegularizer() {
        Objective objective = new ExactScoreMatching();
        Oracle.Batch batch = energy.batch(objective, 5, 3);
        double lambda = oracle.regularizer();
        double[] alpha = oracle.solve(objective, batch);
        int size = alpha.length;
        double[][] matrix = new double[size][size];
        for (int k = 0; k < size; k++) {
            for (int l = 0; l < size; l++) {
                matrix[k][l] = (regularized(objective, batch, moved(moved(alpha, k, 1), l, 1))
                                - regularized(objective, batch, moved(moved(alpha, k, -1), l, 1))
                                - regularized(objective, batch, moved(moved(alpha, k, 1), l, -1))
                                + regularized(objective, batch, moved(moved(alpha, k, -1), l, -1)))
                        / 4;
                matrix[l][k] = matrix[k][l];
            }
        }
        double[] expected = alpha.clone();
        Cholesky factor = new Cholesky(matrix);
        factor.solveLower(expected);
        factor.solveUpper(expected);
        double[] ahead = withLogRegularizer(STEP).solve(objective, batch);
        double[] behind = withLogRegularizer(-STEP).solve(objective, batch);
        for (int l = 0; l < size; l++) {
            assertThat((ahead[l] - behind[l]) / (2 * STEP))
                    .isCloseTo(-Math.log(10) * lambda * expected[l], within(1e-6));
        }
    }

    private KernelOracle withLogRegularizer(double shift) {
        double[] values = Floats.widen(energy.parameters().toArray());
        values[energy.energy().layout().tensor("log_regularizer").offset()] += shift;
        return new KernelOracle(energy.energy(), values);
    }

    private static double[] moved(double[] x, int i, double t) {
        double[] y = x.clone();
        y[i] += t;
        return y;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
