package io.github.slicedscore.data;

/** Rows of numbers, wherever they lie. Any number of threads may read them. */
interface Values {
    int rows();

    /** Numbers a row. */
    int width();

    double get(int row, int column);

    /** Copies a row to an array, from an index on. */
    void copyRow(int row, double[] into, int offset);
}
