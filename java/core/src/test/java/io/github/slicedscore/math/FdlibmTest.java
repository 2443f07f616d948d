package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Every number that {@link Philox} can ask about, against StrictMath, bit for bit. */
class FdlibmTest {
    private static final int UNIFORMS = 1 << 24;

    @Test
    void logarithmsAreThoseOfStrictMath() {
        compare(u -> Fdlibm.log(u) - StrictMath.log(u), u -> u);
    }

    /** Of the angles within a quarter of pi, each a multiple of 2^-23 quarter turns: all uniform numbers cover them. */
    @Test
    void sinesAndCosinesAreThoseOfStrictMath() {
        DoubleUnaryOperator angle = u -> {
            double turns = 4.0 * u;
            return 0.5 * Math.PI * (turns - (int) Math.rint(turns));
        };
        compare(x -> Fdlibm.sin(x) - StrictMath.sin(x), angle);
        compare(x -> Fdlibm.cos(x) - StrictMath.cos(x), angle);
    }

    private static void compare(DoubleUnaryOperator difference, DoubleUnaryOperator argument) {
        int different = 0;
        for (int i = 0; i < UNIFORMS; i++) {
            double x = argument.applyAsDouble((i + 0.5) * 0x1p-24);
            // Not equal for NaN, either.
            different += difference.applyAsDouble(x) == 0 ? 0 : 1;
        }
        assertThat(different).as("arguments with another result").isZero();
    }

    @Test
    void theBranchesThatNoUniformNumberTakesAreRightToo() {
        for (double x :
                new double[] {0x1p-1022, 0x1p-30, 0.5, 1 - 0x1p-40, 1, 1 + 0x1p-30, 2, 1.5, 4 + 0x1p-25, 1e300}) {
            assertThat(Fdlibm.log(x)).isEqualTo(StrictMath.log(x));
        }
        for (double x : new double[] {0, 1e-300, -1e-9, 0x1p-27, 0.3, -0.3, 0.785, -0.785}) {
            assertThat(Fdlibm.sin(x)).isEqualTo(StrictMath.sin(x));
            assertThat(Fdlibm.cos(x)).isEqualTo(StrictMath.cos(x));
        }
    }
}
