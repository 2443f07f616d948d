package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {
    /** Values by mpmath with 25 digits. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1e-20, 1.128379167095512512e-20",
        "0.1, 0.1124629160182848984",
        "0.5, 0.52049987781304653768",
        "1, 0.84270079294971486934",
        "1.5, 0.96610514647531072707",
        "2.5, 0.99959304798255504106",
        "2.9999, 0.99997789557351783909",
        "3.0001, 0.9999779234241298067",
        "4, 0.99999998458274209972",
        "5, 0.99999999999846254021",
        "5.9, 0.9999999999999999281",
        "7, 1",
        "1e300, 1"
    })
    void isExactToTheLastDigits(double x, double expected) {
        assertThat(Erf.erf(x)).isCloseTo(expected, within(1e-15 * Math.max(expected, 1e-20)));
        assertThat(Erf.erf(-x)).isEqualTo(-Erf.erf(x));
    }

    @Test
    void hasItsLimits() {
        assertThat(Erf.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Erf.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Erf.erf(Double.NaN)).isNaN();
    }
}
