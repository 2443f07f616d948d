package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two products against three loops in double precision, on sizes around every block and below. */
class PlainKernelsTest {
    private static final int[] DEPTHS = {1, 3, 4, 31, 32, 33, 67, 130};
    private static final int[] WIDTHS = {1, 2, 7, 8, 9, 31, 65};
    private static final int[] ROWS = {1, 4, 5, 32, 33, 70};

    private final PlainKernels kernels = new PlainKernels();
    private final Random random = new Random(3);

    private float[][] matrix(int rows, int columns) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    private static float[][] transposed(float[][] matrix) {
        float[][] result = new float[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[0].length; j++) {
                result[j][i] = matrix[i][j];
            }
        }
        return result;
    }

    private static float[][] copy(float[][] matrix) {
        float[][] copy = matrix.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = copy[i].clone();
        }
        return copy;
    }

    @Test
    void multiplyAddsTheActiveStreamsOfARange() {
        for (int depth : DEPTHS) {
            for (int width : WIDTHS) {
                for (int streams : new int[] {1, 3}) {
                    int active = Math.max(1, streams - 1);
                    checkMultiply(depth, width, streams, active, 0);
                    checkMultiply(depth, width, streams, streams, 2);
                }
            }
        }
    }

    private void checkMultiply(int depth, int width, int streams, int active, int shift) {
        int rows = 12;
        int from = 3;
        int to = 9;
        float[][] a = matrix(rows, depth);
        float[][] b = matrix(depth, width);
        float[][] c = matrix(rows, width);
        float[][] before = copy(c);
        kernels.multiply(a, b, transposed(b), c, from, to, shift, streams, active, depth, width);
        for (int r = 0; r < rows; r++) {
            int source = r + shift;
            boolean written = source >= from && source < to && source % streams < active;
            for (int j = 0; j < width; j++) {
                double sum = before[r][j];
                for (int k = 0; written && k < depth; k++) {
                    sum += (double) a[source][k] * b[k][j];
                }
                assertThat((double) c[r][j])
                        .as("depth %d, width %d, %d of %d streams, row %d", depth, width, active, streams, r)
                        .isCloseTo(sum, within(written ? 1e-6 * (depth + 4) : 0));
            }
        }
    }

    @Test
    void multiplyTransposedAddsOverAllRows() {
        for (int rows : ROWS) {
            for (int width : WIDTHS) {
                int units = 5;
                float[][] a = matrix(rows, units);
                float[][] g = matrix(rows, width);
                float[][] c = matrix(units, width);
                float[][] before = copy(c);
                kernels.multiplyTransposed(a, g, c, 1, 4, 0, rows, width);
                for (int k = 0; k < units; k++) {
                    boolean written = k >= 1 && k < 4;
                    for (int j = 0; j < width; j++) {
                        double sum = before[k][j];
                        for (int r = 0; written && r < rows; r++) {
                            sum += (double) a[r][k] * g[r][j];
                        }
                        assertThat((double) c[k][j])
                                .as("%d rows, width %d, unit %d", rows, width, k)
                                .isCloseTo(sum, within(written ? 1e-6 * (rows + 4) : 0));
                    }
                }
            }
        }
    }

    /** A row's numbers do not depend on which other rows are in the same call: that makes runs repeat for any thread count. */
    @Test
    void rowsAreBitIdenticalHoweverTheyAreSharedOut() {
        for (int width : new int[] {3, 33}) {
            float[][] a = matrix(12, 45);
            float[][] b = matrix(45, width);
            float[][] whole = new float[12][width];
            float[][] parts = new float[12][width];
            kernels.multiply(a, b, transposed(b), whole, 0, 12, 0, 3, 2, 45, width);
            for (int from = 0; from < 12; from += 3) {
                kernels.multiply(a, b, transposed(b), parts, from, from + 3, 0, 3, 2, 45, width);
            }
            assertThat(parts).isDeepEqualTo(whole);
        }
    }
}
