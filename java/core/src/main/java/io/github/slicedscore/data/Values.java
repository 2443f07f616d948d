package io.github.slicedscore.data;

/** Rows of numbers, wherever they lie. Any number of threads may read them. */
interface Values {
    int rows();

    /** Numbers a row. */
    int width();

    double get(int row, int column);

    /** Copies a row to an array, from an index on. */
    void copyRow(int row, double[] into, int offset);

    /** Copies neighbouring rows to an array, from an index on: for passes over all of them, which must not take a call a number. */
    default void copyRows(int first, int count, double[] into, int offset) {
        for (int i = 0; i < count; i++) {
            copyRow(first + i, into, offset + i * width());
        }
    }
}
