package io.github.slicedscore.data;

/** What records and classes of rows of doubles need to be immutable. */
final class Matrices {
    private Matrices() {}

    /** A copy that shares no row. */
    static double[][] copy(double[][] matrix) {
        double[][] copy = new double[matrix.length][];
        for (int i = 0; i < matrix.length; i++) {
            copy[i] = matrix[i].clone();
        }
        return copy;
    }
}
