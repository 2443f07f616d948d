package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DualAveragingTest {
    /** Acceptance e^-step: the target 0.8 is met at -log 0.8, wherever one begins. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 1, 30})
    void findsTheStepWhoseAcceptanceIsTheTarget(double firstStep) {
        DualAveraging averaging = new DualAveraging(firstStep, 0.8);
        assertThat(averaging.step()).isCloseTo(firstStep, within(1e-12));
        for (int t = 0; t < 400; t++) {
            averaging.update(Math.exp(-averaging.step()));
        }
        assertThat(Math.exp(-averaging.average())).isCloseTo(0.8, within(0.01));
    }

    /** Algorithm 5's first two iterations by hand: target 0.8, e_0 = 1, acceptances 0.5 and 1. */
    @Test
    void firstUpdatesByHand() {
        DualAveraging averaging = new DualAveraging(1, 0.8);
        averaging.update(0.5);
        double error = 0.3 / 11;
        double first = Math.log(10) - error / 0.05;
        assertThat(averaging.step()).isCloseTo(Math.exp(first), within(1e-12));
        assertThat(averaging.average()).isCloseTo(Math.exp(first), within(1e-12));
        averaging.update(1);
        error = 11.0 / 12 * error - 0.2 / 12;
        double second = Math.log(10) - Math.sqrt(2) / 0.05 * error;
        assertThat(averaging.step()).isCloseTo(Math.exp(second), within(1e-12));
        double share = Math.pow(2, -0.75);
        assertThat(averaging.average()).isCloseTo(Math.exp(share * second + (1 - share) * first), within(1e-12));
    }

    @Test
    void stepsStayPositiveWhereNothingIsEverAccepted() {
        DualAveraging averaging = new DualAveraging(1, 0.8);
        for (int t = 0; t < 5000; t++) {
            averaging.update(0);
        }
        assertThat(averaging.step()).isPositive();
        assertThat(averaging.average()).isPositive();
    }
}
