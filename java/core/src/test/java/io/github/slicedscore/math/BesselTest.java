package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BesselTest {
    /** Values by mpmath with 25 digits, on both sides of the change from one series to the other. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1e-8, -9.9999999749999999884e-9, 4.9999999999999999375e-9",
        "0.5, -0.43845028081451869606, 0.24249961258080194535",
        "1, -0.76408564149282135131, 0.44638996589653450705",
        "7, -1.8725070849171512189, 0.92553221079415218451",
        "29.999, -2.6152817561007666267, 0.98318899003327844225",
        "30.001, -2.6153153769900486314, 0.98319012065936305816",
        "100, -3.2202673100574162833, 0.99498737300516876559",
        "1e6, -7.8266936871867472938, 0.99999949999987499987",
        "1e15, -18.188326730660015247, 0.9999999999999995"
    })
    void agreesWithManyDigits(double x, double logScaled, double ratio) {
        assertThat(Bessel.logScaledI0(x)).isCloseTo(logScaled, within(1e-14 * Math.max(1, -logScaled)));
        assertThat(Bessel.ratio(x)).isCloseTo(ratio, within(1e-14 * ratio));
    }
}
