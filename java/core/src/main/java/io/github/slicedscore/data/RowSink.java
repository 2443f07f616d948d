package io.github.slicedscore.data;

import java.io.IOException;
import java.util.List;

/** Takes the rows that a reader finds, in their order. */
interface RowSink {
    /** Makes a sink once the columns are known. */
    interface Opening<S extends RowSink> {
        S open(List<String> columns) throws IOException;
    }

    /**
     * Takes some rows.
     *
     * @param values [rows, width] row-major; more may follow; used again afterwards
     * @param rows how many
     */
    void add(double[] values, int rows) throws IOException;

    /**
     * Hears, before much time is spent, how many rows there will be.
     *
     * @param rows an estimate
     * @throws MalformedDataException if they can't be taken
     */
    void expect(long rows) throws MalformedDataException;
}
