package io.github.slicedscore.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnglesTest {
    /** Against Math's, so that StrictMath is not asked for large angles in the process that counts its allocations. */
    @Test
    void areCosineAndSine() {
        for (double angle = -50; angle < 50; angle += 0.0371) {
            assertThat(Angles.cos(angle)).as("cos %s", angle).isCloseTo(Math.cos(angle), within(1e-14));
            assertThat(Angles.sin(angle)).as("sin %s", angle).isCloseTo(Math.sin(angle), within(1e-14));
        }
        assertThat(Angles.cos(0)).isEqualTo(1);
        assertThat(Angles.sin(0)).isZero();
    }
}
