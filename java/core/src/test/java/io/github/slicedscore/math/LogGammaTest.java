package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogGammaTest {
    /** Values by mpmath with 25 digits. */
    @ParameterizedTest
    @CsvSource({
        "1e-3, 6.9071788853838536825",
        "0.5, 0.57236494292470008707",
        "1, 0",
        "1.5, -0.12078223763524522235",
        "2.5, 0.28468287047291915963",
        "3.7, 1.4280723266653879219",
        "14.99, 25.164481163825505879",
        "15.01, 25.217968095475187289",
        "100.5, 361.43554046777762156",
        "1e6, 12815504.56914761166"
    })
    void agreesWithManyDigits(double x, double expected) {
        assertThat(LogGamma.of(x)).isCloseTo(expected, within(1e-14 * Math.max(1, Math.abs(expected))));
    }

    @Test
    void isRefusedWhereItHasPoles() {
        for (double x : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> LogGamma.of(x)).hasMessageContaining(Double.toString(x));
        }
    }
}
