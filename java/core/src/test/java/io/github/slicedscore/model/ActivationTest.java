package io.github.slicedscore.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    /** No point is nearer than the difference's step to the kink at 0. */
    private static final double[] POINTS = {-30, -6, -2.3, -1, -0.4, -0.01, 0.01, 0.3, 1, 1.9, 5, 25};

    @ParameterizedTest
    @EnumSource
    void derivativesAreThoseOfTheLowerDerivative(Activation activation) {
        for (double z : POINTS) {
            assertThat(activation.first(z)).as("first at " + z).isCloseTo(slope(activation::value, z), within(1e-9));
            assertThat(activation.second(z)).as("second at " + z).isCloseTo(slope(activation::first, z), within(1e-9));
            assertThat(activation.third(z)).as("third at " + z).isCloseTo(slope(activation::second, z), within(1e-9));
        }
    }

    /** Central differences at h and 2h, extrapolated: an error of order h^4. */
    private static double slope(DoubleUnaryOperator function, double z) {
        double h = 1e-3;
        double near = (function.applyAsDouble(z + h) - function.applyAsDouble(z - h)) / (2 * h);
        double far = (function.applyAsDouble(z + 2 * h) - function.applyAsDouble(z - 2 * h)) / (4 * h);
        return (4 * near - far) / 3;
    }

    @ParameterizedTest
    @CsvSource({
        "SOFTPLUS, 1, 1.3132616875182228",
        "TANH, 1, 0.7615941559557649",
        "SILU, 1, 0.7310585786300049",
        "GELU, 1, 0.8413447460685429",
        "SIGMOID, 1, 0.7310585786300049",
        "SIN, 1, 0.8414709848078965",
        "ELU, -1, -0.6321205588285577",
        "RELU, -1, 0",
        "RELU, 2, 2"
    })
    void valuesAreTheDefinitions(Activation activation, double z, double expected) {
        assertThat(activation.value(z)).isCloseTo(expected, within(1e-15));
    }

    @ParameterizedTest
    @EnumSource
    void staysFiniteFarOut(Activation activation) {
        for (double z : new double[] {-1000, 1000}) {
            assertThat(activation.value(z)).isFinite();
            assertThat(activation.first(z)).isFinite();
            assertThat(activation.second(z)).isFinite();
            assertThat(activation.third(z)).isFinite();
        }
    }

    @Test
    void smoothnessIsWhatTheDerivativesShowAtZero() {
        double before = -1e-12;
        double after = 1e-12;
        for (Activation activation : Activation.values()) {
            boolean first = Math.abs(activation.first(after) - activation.first(before)) < 1e-9;
            boolean second = Math.abs(activation.second(after) - activation.second(before)) < 1e-9;
            Activation.Smoothness expected = !first
                    ? Activation.Smoothness.VALUE
                    : second ? Activation.Smoothness.ANALYTIC : Activation.Smoothness.FIRST;
            assertThat(activation.smoothness()).as(activation.id()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(Activation activation) {
        assertThat(Activation.of(activation.id())).isEqualTo(activation);
    }

    @Test
    void anUnknownNameListsAllChoices() {
        assertThatThrownBy(() -> Activation.of("swish"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("swish", "softplus", "tanh", "silu", "gelu", "sigmoid", "sin", "elu", "relu");
    }
}
