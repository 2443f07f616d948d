package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.model.Activation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine's single-precision activations, those of this JVM's kernels, against their definition in double precision. The build
 * runs this once for each set.
 */
@ExtendWith(NativeWidth.class)
class ActivationFunctionTest {
    /**
     * Largest error of value and derivatives, relative to 1 + |exact|: ten units in the last place of one. The third
     * derivatives are differences of a few terms of order one; gelu's normal distribution function is good to 2e-7.
     */
    private static final double TOLERANCE = 1.2e-6;

    /** Value, first, second and third derivative at each argument. */
    private static float[][] evaluate(Activation activation, float... z) {
        if (KernelSelection.chosen().bits() > 0) {
            return evaluateOnVectors(activation, z);
        }
        float[][] results = new float[4][z.length];
        ActivationFunction.evaluate(activation, z, z.length, results[0], results[1], results[2], results[3]);
        return results;
    }

    private static float[][] evaluateOnVectors(Activation activation, float[] z) {
        int rows = Panels.count(z.length);
        float[] value = new float[rows * Panels.WIDTH];
        float[] first = Arrays.copyOf(z, value.length);
        SimdScratch scratch = new SimdScratch(1, rows);
        SimdActivation.evaluate(activation, 3, first, 0, value, 0, Panels.WIDTH, rows, scratch);
        return new float[][] {value, first, scratch.second, scratch.third};
    }

    private static double exact(Activation activation, int derivative, double z) {
        return switch (derivative) {
            case 0 -> activation.value(z);
            case 1 -> activation.first(z);
            case 2 -> activation.second(z);
            default -> activation.third(z);
        };
    }

    /** -30 .. 30 in steps of 1/1024, and arguments where exponentials over- or underflow. */
    private static float[] arguments() {
        float[] special = {0f, -0f, 1e-6f, -1e-6f, 1e-40f, -1e-40f, 87f, -87f, 89f, -89f, 1e3f, -1e3f};
        int steps = 60 * 1024;
        float[] z = Arrays.copyOf(special, special.length + steps + 1);
        for (int i = 0; i <= steps; i++) {
            z[special.length + i] = -30f + i / 1024f;
        }
        return z;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void agreesWithTheDefinition(Activation activation) {
        float[] z = arguments();
        float[][] results = evaluate(activation, z);
        for (int derivative = 0; derivative < 4; derivative++) {
            for (int i = 0; i < z.length; i++) {
                double wanted = exact(activation, derivative, z[i]);
                double error = Math.abs(results[derivative][i] - wanted) / (1 + Math.abs(wanted));
                assertThat(error)
                        .as(
                                "derivative %d of %s at %s: %s, not %s",
                                derivative, activation, z[i], results[derivative][i], wanted)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    /** Where a function dies out exponentially it keeps its relative precision for long, so that log-densities have tails. */
    @Test
    void tailsKeepTheirRelativePrecision() {
        for (float z = -41.9375f; z < 80; z += 0.0625f) {
            assertRelative(Activation.SOFTPLUS, 0, z);
            assertRelative(Activation.SOFTPLUS, 1, z);
            if (z < 42) {
                assertRelative(Activation.SOFTPLUS, 2, z);
            }
            assertRelative(Activation.SIGMOID, 0, z);
            assertRelative(Activation.SILU, 0, z);
        }
        for (float z = -9; z < 9; z += 0.0625f) {
            assertRelative(Activation.TANH, 0, z);
        }
        for (float z = 1e-30f; z < 1; z *= 3) {
            assertRelative(Activation.TANH, 0, z);
            assertRelative(Activation.TANH, 0, -z);
            assertRelative(Activation.ELU, 0, -z);
            assertRelative(Activation.SIN, 0, z);
        }
    }

    /** Then it is zero: products of what is left of two tails would be subnormal, and some processors slow down with these. */
    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SOFTPLUS", "SIGMOID", "SILU", "GELU", "ELU", "RELU"})
    void productsOfTailsAreNormalNumbers(Activation activation) {
        for (float z = -1; z > -100; z -= 0.0625f) {
            float[][] results = evaluate(activation, z);
            for (int derivative = 1; derivative < 4; derivative++) {
                float square = results[derivative][0] * results[derivative][0];
                assertThat(square == 0 || square >= Float.MIN_NORMAL)
                        .as("derivative %d of %s at %s: %s", derivative, activation, z, results[derivative][0])
                        .isTrue();
            }
        }
    }

    private static void assertRelative(Activation activation, int derivative, float z) {
        double wanted = exact(activation, derivative, z);
        assertThat(Math.abs(evaluate(activation, z)[derivative][0] - wanted))
                .as("derivative %d of %s at %s", derivative, activation, z)
                .isLessThanOrEqualTo((1e-6 + 5e-7 * Math.abs(z)) * Math.abs(wanted));
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void neverMakesNaNOfANumber(Activation activation) {
        for (float size : new float[] {1e6f, 1e10f, 1e18f, 1e20f, 1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
            for (float z : new float[] {size, -size}) {
                float[][] results = evaluate(activation, z);
                if (activation == Activation.SIN) {
                    assertBounded(activation, z, results);
                } else {
                    assertAsymptote(activation, z, results);
                }
            }
        }
    }

    /** Beyond 1e6 the sine is not to be relied on, but it stays one; at infinity it has no value. */
    private static void assertBounded(Activation activation, float z, float[][] results) {
        for (float[] result : results) {
            if (Float.isFinite(z)) {
                assertThat(Math.abs(result[0])).as("%s at %s", activation, z).isLessThanOrEqualTo(1f);
            }
        }
    }

    /** All but sine are flat or straight at a distance: value as at 100, or z itself; slope as at 100; no curvature. */
    private static void assertAsymptote(Activation activation, float z, float[][] results) {
        double far = Math.copySign(100, z);
        boolean straight = z > 0 && activation.value(100) == 100;
        double value = straight ? z : activation.value(far);
        double tiny = 1e-7;
        assertThat((double) results[0][0]).as("%s at %s", activation, z).isBetween(value - tiny, value + tiny);
        assertThat((double) results[1][0])
                .as("slope of %s at %s", activation, z)
                .isBetween(activation.first(far) - tiny, activation.first(far) + tiny);
        assertThat(results[2][0])
                .as("second derivative of %s at %s", activation, z)
                .isBetween(-1e-7f, 1e-7f);
        assertThat(results[3][0])
                .as("third derivative of %s at %s", activation, z)
                .isBetween(-1e-7f, 1e-7f);
    }

    /** A fault must reach the loss, where it is noticed. Relu's derivatives are constants, so they alone may hide it. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void handsNaNOn(Activation activation) {
        float[][] results = evaluate(activation, Float.NaN);
        assertThat(results[0][0]).isNaN();
        if (activation != Activation.RELU) {
            assertThat(results[1][0]).isNaN();
            assertThat(results[2][0]).isNaN();
            assertThat(results[3][0]).isNaN();
        }
    }

    @Test
    void writesNothingBeyondTheWidth() {
        for (Activation activation : Activation.values()) {
            float[] z = {1, 2, 3, 4, 5};
            float[][] results = new float[4][5];
            ActivationFunction.evaluate(activation, z, 3, results[0], results[1], results[2], results[3]);
            for (float[] result : results) {
                assertThat(Arrays.copyOfRange(result, 3, 5))
                        .as("%s", activation)
                        .containsOnly(0f);
            }
            assertThat(z).containsExactly(1, 2, 3, 4, 5);
        }
    }
}
