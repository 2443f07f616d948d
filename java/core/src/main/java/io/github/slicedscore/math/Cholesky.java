package io.github.slicedscore.math;

import java.util.Arrays;

/** The lower triangular L with L L^T = A, for a small symmetric positive definite A. Immutable. */
public final class Cholesky {
    private static final double SYMMETRY = 1e-12;

    private final double[][] lower;

    /**
     * Factors a matrix.
     *
     * @param matrix A, [size][size]; not kept
     * @throws IllegalArgumentException if it is not square, symmetric and positive definite
     */
    public Cholesky(double[][] matrix) {
        int size = matrix.length;
        requireSymmetric(matrix);
        // Row by row of L^T, each taken off those below it at once: loops over a row are vector instructions.
        double[][] upper = new double[size][];
        for (int i = 0; i < size; i++) {
            upper[i] = Arrays.copyOfRange(matrix[i], i, size);
        }
        for (int k = 0; k < size; k++) {
            double[] row = upper[k];
            double pivot = row[0];
            if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the matrix is not positive definite: pivot " + k + " is " + pivot);
            }
            row[0] = Math.sqrt(pivot);
            for (int j = 1; j < row.length; j++) {
                row[j] /= row[0];
            }
            for (int i = 1; i < row.length; i++) {
                subtract(row[i], row, i, upper[k + i]);
            }
        }
        lower = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                lower[i][j] = upper[j][i - j];
            }
        }
    }

    private static void requireSymmetric(double[][] matrix) {
        int size = matrix.length;
        for (int i = 0; i < size; i++) {
            if (matrix[i].length != size) {
                throw new IllegalArgumentException(
                        "row %d of a %d x %d matrix has %d numbers".formatted(i, size, size, matrix[i].length));
            }
            for (int j = 0; j <= i; j++) {
                if (!(Math.abs(matrix[i][j] - matrix[j][i]) <= SYMMETRY * Math.sqrt(matrix[i][i] * matrix[j][j]))) {
                    throw new IllegalArgumentException("the matrix is not symmetric: [%d][%d] is %s, [%d][%d] is %s"
                            .formatted(i, j, matrix[i][j], j, i, matrix[j][i]));
                }
            }
        }
    }

    /** from -= factor what[first ..]. */
    private static void subtract(double factor, double[] what, int first, double[] from) {
        for (int j = 0; j < from.length; j++) {
            from[j] -= factor * what[first + j];
        }
    }

    /**
     * The logarithm of the determinant.
     *
     * @return log det A
     */
    public double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < lower.length; i++) {
            sum += 2 * Math.log(lower[i][i]);
        }
        return sum;
    }

    /**
     * x &lt;- L x.
     *
     * @param x changed in place, of the matrix's size
     */
    public void multiply(double[] x) {
        for (int i = lower.length - 1; i >= 0; i--) {
            double sum = 0;
            for (int j = 0; j <= i; j++) {
                sum += lower[i][j] * x[j];
            }
            x[i] = sum;
        }
    }

    /**
     * x &lt;- L^-1 x.
     *
     * @param x changed in place, of the matrix's size
     */
    public void solveLower(double[] x) {
        for (int i = 0; i < lower.length; i++) {
            double rest = x[i];
            for (int j = 0; j < i; j++) {
                rest -= lower[i][j] * x[j];
            }
            x[i] = rest / lower[i][i];
        }
    }

    /**
     * x &lt;- L^-T x.
     *
     * @param x changed in place, of the matrix's size
     */
    public void solveUpper(double[] x) {
        for (int i = lower.length - 1; i >= 0; i--) {
            double rest = x[i];
            for (int j = i + 1; j < lower.length; j++) {
                rest -= lower[j][i] * x[j];
            }
            x[i] = rest / lower[i][i];
        }
    }
}
