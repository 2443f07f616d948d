package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DormandPrinceTest {
    /** y' = -2 t y and y' = cos t, two columns of a row, both ways. */
    private static final DormandPrince.Field FIELD = (t, state, into) -> {
        for (int i = 0; i < state.length; i += 2) {
            into[i] = -2 * t * state[i];
            into[i + 1] = Math.cos(t);
        }
    };

    @Test
    void followsKnownSolutionsBothWays() {
        for (double tolerance : new double[] {1e-4, 1e-7, 1e-10}) {
            double[] state = {1, 0, 3, 1};
            DormandPrince method = new DormandPrince(tolerance, tolerance, 2);
            method.integrate(FIELD, 0, 2, state);
            double end = Math.exp(-4);
            // Errors of some steps, each within the tolerance of numbers of at most 3.
            assertThat(state)
                    .containsExactly(new double[] {end, Math.sin(2), 3 * end, 1 + Math.sin(2)}, within(20 * tolerance));
            method.integrate(FIELD, 2, 0, state);
            // e^4 magnifies on the way back.
            assertThat(state).containsExactly(new double[] {1, 0, 3, 1}, within(20 * 55 * tolerance));
        }
    }

    /** Halving the error tenfold takes 10^(1/5) times as many steps, for a method of order 5. */
    @Test
    void stepsGrowInNumberAsForOrderFive() {
        int[] evaluations = new int[2];
        for (int i = 0; i < 2; i++) {
            double tolerance = i == 0 ? 1e-6 : 1e-11;
            DormandPrince method = new DormandPrince(tolerance, tolerance, 2);
            method.integrate(FIELD, 0, 20, new double[] {0, 0});
            evaluations[i] = method.evaluations();
        }
        assertThat(evaluations[1] / (double) evaluations[0]).isBetween(7.0, 13.0);
    }

    /** y' = t^4: exact for order 5, so a weight that is wrong shows whatever the steps. */
    @Test
    void aPolynomialOfOrderFiveIsExact() {
        DormandPrince.Field power = (t, state, into) -> into[0] = 5 * t * t * t * t;
        double[] state = {0};
        DormandPrince method = new DormandPrince(1e300, 1e300, 1);
        method.integrate(power, 0, 3, state);
        assertThat(state[0]).isCloseTo(243, within(1e-11));
        assertThat(method.evaluations()).isLessThan(30);
    }

    /** The row that needs the shortest steps decides for all. */
    @Test
    void everyRowMeetsTheTolerance() {
        double[] state = new double[2000];
        state[1998] = 1;
        DormandPrince.Field field = (t, y, into) -> {
            for (int i = 0; i < y.length; i += 2) {
                into[i] = 30 * y[i + 1];
                into[i + 1] = -30 * y[i];
            }
        };
        new DormandPrince(1e-6, 1e-6, 2).integrate(field, 0, 1, state);
        assertThat(state[1998]).isCloseTo(Math.cos(30), within(1e-3));
        assertThat(state[0]).isZero();
    }

    @Test
    void aFieldThatIsNotFiniteIsAnError() {
        DormandPrince.Field field = (t, state, into) -> into[0] = t < 0.5 ? 1 : Double.NaN;
        assertThatThrownBy(() -> new DormandPrince(1e-6, 1e-6, 1).integrate(field, 0, 1, new double[1]))
                .isInstanceOf(SamplingException.class)
                .hasMessageContaining("not finite")
                .hasMessageContaining("tolerance");
    }
}
