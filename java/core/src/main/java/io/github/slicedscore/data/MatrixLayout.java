package io.github.slicedscore.data;

import java.nio.ByteOrder;
import java.util.List;

/**
 * Where the numbers of a binary file lie.
 *
 * @param columns names of the columns
 * @param rows number of rows
 * @param type of every number
 * @param order of its bytes
 * @param columnMajor whether numbers of a column are neighbours, not those of a row
 * @param offset bytes in front of the first
 */
record MatrixLayout(
        List<String> columns, int rows, NumberType type, ByteOrder order, boolean columnMajor, long offset) {

    /** Numbers in all. */
    long numbers() {
        return (long) rows * columns.size();
    }

    /** Bytes of the whole file, unpacked. */
    long end() {
        return offset + numbers() * type.bytes();
    }
}
