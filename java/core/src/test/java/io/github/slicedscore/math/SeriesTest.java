package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Against StrictMath, on a fifth of the uniform numbers that {@link Philox} can ask about. */
class SeriesTest {
    private static final int UNIFORMS = 1 << 24;
    private static final int STRIDE = 5;

    @Test
    void logarithms() {
        double error = 0;
        for (int i = 0; i < UNIFORMS; i += STRIDE) {
            double u = (i + 0.5) * 0x1p-24;
            double wanted = StrictMath.log(u);
            error = Math.max(error, Math.abs(Series.log(u) - wanted) / Math.abs(wanted));
        }
        assertThat(error).isLessThan(1e-14);
    }

    @Test
    void sinesAndCosines() {
        assertThat(largestError(Series::sin, StrictMath::sin)).isLessThan(1e-15);
        assertThat(largestError(Series::cos, StrictMath::cos)).isLessThan(1e-15);
    }

    /** Of the angles within a quarter of pi, each a multiple of 2^-23 quarter turns. */
    private static double largestError(DoubleUnaryOperator series, DoubleUnaryOperator wanted) {
        double error = 0;
        for (int i = 0; i < UNIFORMS; i += STRIDE) {
            double turns = 4.0 * (i + 0.5) * 0x1p-24;
            double x = 0.5 * Math.PI * (turns - Math.rint(turns));
            error = Math.max(error, Math.abs(series.applyAsDouble(x) - wanted.applyAsDouble(x)));
        }
        return error;
    }

    @Test
    void logarithmsOfNumbersFromEverywhere() {
        for (double x :
                new double[] {0x1p-1022, 1e-300, 0x1p-30, 0.7071067811865475, 0.7071067811865477, 1.5, 2, 1e300}) {
            assertThat(Series.log(x) / StrictMath.log(x)).as("log %s", x).isBetween(1 - 1e-14, 1 + 1e-14);
        }
        assertThat(Series.log(1)).isZero();
    }
}
