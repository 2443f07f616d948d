package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.model.Activation;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel of kernels/dense_jet.cu, called from Java, against its twin in double precision. */
class DenseJetTest {
    private static final int[][] SIZES = {{1, 1, 1, 1}, {1, 3, 2, 0}, {7, 17, 33, 2}, {16, 16, 16, 1}, {17, 33, 50, 3}};

    @BeforeAll
    static void requireDevice() {
        NativeLibrary.require();
    }

    @ParameterizedTest
    @EnumSource
    void equalsItsTwin(Activation activation) {
        for (int[] size : SIZES) {
            compare(activation, size[0], size[1], size[2], size[3]);
        }
    }

    @Test
    void badArgumentsAreRefusedWithTheReason() {
        float[] one = new float[1];
        assertThatThrownBy(() -> CudaException.check(
                        CudaLibrary.ss_dense_jet(0, 99, 1, 1, 1, 0, one, one, one, null, one.clone(), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no activation has the code 99");
        assertThatThrownBy(() -> CudaException.check(
                        CudaLibrary.ss_dense_jet(0, 0, 0, 1, 1, 0, one, one, one, null, one.clone(), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows 0");
    }

    @Test
    void memoryThatNoDeviceHasIsAnExceptionWithTheSizes() {
        float[] one = new float[1];
        assertThatThrownBy(() -> CudaException.check(
                        CudaLibrary.ss_dense_jet(0, 0, 1 << 30, 1 << 14, 1, 0, one, one, one, null, one.clone(), null)))
                .isInstanceOf(CudaOutOfMemoryException.class)
                .hasMessageContaining("bytes free of");
    }

    private static void compare(Activation activation, int rows, int inputs, int outputs, int tangents) {
        Random random = new Random(1);
        float[] weights = normals(random, outputs * inputs, 1 / Math.sqrt(inputs));
        float[] bias = normals(random, outputs, 1);
        float[] x = normals(random, rows * inputs, 1);
        float[] x1 = normals(random, tangents * rows * inputs, 1);
        float[] a = new float[rows * outputs];
        float[] a1 = new float[tangents * rows * outputs];
        CudaException.check(CudaLibrary.ss_dense_jet(
                0,
                CudaLibrary.code(activation),
                rows,
                inputs,
                outputs,
                tangents,
                weights,
                bias,
                x,
                tangents == 0 ? null : x1,
                a,
                tangents == 0 ? null : a1));
        String at = activation + " " + rows + " x " + inputs + " -> " + outputs + ", " + tangents + " tangents";
        for (int row = 0; row < rows; row++) {
            for (int out = 0; out < outputs; out++) {
                double z = bias[out] + dot(weights, out * inputs, x, row * inputs, inputs);
                double value = activation.value(z);
                assertThat((double) a[row * outputs + out])
                        .as(at)
                        .isCloseTo(value, within(1e-5 * (1 + Math.abs(value))));
                if (activation == Activation.RELU && Math.abs(z) < 1e-5) {
                    continue; // rounding may put z on the other side of the jump
                }
                for (int m = 0; m < tangents; m++) {
                    int stream = m * rows + row;
                    double z1 = dot(weights, out * inputs, x1, stream * inputs, inputs);
                    double first = activation.first(z) * z1;
                    assertThat((double) a1[stream * outputs + out])
                            .as(at)
                            .isCloseTo(first, within(1e-5 * (1 + Math.abs(first))));
                }
            }
        }
    }

    private static float[] normals(Random random, int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static double dot(float[] a, int fromA, float[] b, int fromB, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (double) a[fromA + i] * b[fromB + i];
        }
        return sum;
    }
}
