package io.github.slicedscore.eval;

import io.github.slicedscore.data.Dataset;

/** A row of a table is so far from a model's data that single precision does not hold it. Only the caller knows where the table is from. */
public final class FarRowException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Dataset table;

    /**
     * With the row's place.
     *
     * @param table whose row
     * @param row counted from 0
     * @param column name of the column
     * @param value what stands there
     */
    FarRowException(Dataset table, int row, String column, double value) {
        super(
                "row %d (counted from 0), column '%s': %s is too large for single precision after standardising; leave such rows out"
                        .formatted(row, column, value));
        this.table = table;
    }

    /**
     * The table.
     *
     * @return the one that the evaluation was given
     */
    public Dataset table() {
        return table;
    }
}
