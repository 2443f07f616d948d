package io.github.slicedscore.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A table of finite numbers with named columns, in the units of its source. Immutable; any number of threads may read it.
 *
 * <p>Its numbers lie on the heap, or in a file that is mapped into memory, which must stay as it is while the dataset is used;
 * {@link DataReader} says which. Rows and columns count from 0.
 */
public final class Dataset {
    private final List<String> columns;
    private final Values values;

    private Dataset(List<String> columns, Values values) {
        this.columns = List.copyOf(columns);
        this.values = values;
        checkNames(this.columns);
    }

    /**
     * A dataset of a flat array.
     *
     * @param columns names, each of them once and not blank; at least one
     * @param values [rows, columns] row-major; copied
     * @return the dataset; it may have no rows
     * @throws IllegalArgumentException naming row and column of a value that is not finite, or what is wrong with the names
     */
    public static Dataset of(List<String> columns, double[] values) {
        return checked(columns, values.clone());
    }

    /**
     * A dataset of rows.
     *
     * @param columns names, each of them once and not blank; at least one
     * @param rows one array per row, as long as the names; copied
     * @return the dataset; it may have no rows
     * @throws IllegalArgumentException naming the row and column at fault, or what is wrong with the names
     */
    public static Dataset of(List<String> columns, double[][] rows) {
        int width = columns.size();
        double[] values = allocate(rows.length, width);
        for (int row = 0; row < rows.length; row++) {
            if (rows[row].length != width) {
                throw new IllegalArgumentException(
                        "row %d (counted from 0) has %d values for %d columns".formatted(row, rows[row].length, width));
            }
            System.arraycopy(rows[row], 0, values, row * width, width);
        }
        return checked(columns, values);
    }

    /** A dataset of numbers that are known to be finite, and are nobody else's. */
    static Dataset of(List<String> columns, Values values) {
        return new Dataset(columns, values);
    }

    private static double[] allocate(int rows, int width) {
        if ((long) rows * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%d rows of %d numbers are more than 2^31, which no array holds; read them from a file of rows, which 'slicedscore convert' and RowsFile write"
                            .formatted(rows, width));
        }
        return new double[rows * width];
    }

    private static Dataset checked(List<String> columns, double[] values) {
        checkNames(columns);
        int width = columns.size();
        if (values.length % width != 0) {
            throw new IllegalArgumentException(
                    "%d values do not fill rows of %d columns".formatted(values.length, width));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("row %d (counted from 0), column '%s': %s is not a finite number"
                        .formatted(i / width, columns.get(i % width), values[i]));
            }
        }
        return new Dataset(columns, HeapValues.of(values, width));
    }

    private static void checkNames(List<String> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a dataset needs at least one column");
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (column.isBlank()) {
                throw new IllegalArgumentException(
                        "column " + seen.size() + " (counted from 0) has no name in " + columns);
            }
            if (!seen.add(column)) {
                throw new IllegalArgumentException("two columns are called '" + column + "' in " + columns);
            }
        }
    }

    /**
     * Number of rows.
     *
     * @return at least 0
     */
    public int rows() {
        return values.rows();
    }

    /**
     * Names of the columns.
     *
     * @return immutable list
     */
    public List<String> columns() {
        return columns;
    }

    /**
     * One value.
     *
     * @param row 0 .. rows-1
     * @param column 0 .. columns-1
     * @return the value
     */
    public double value(int row, int column) {
        return values.get(row, column);
    }

    /**
     * Copies a row.
     *
     * @param row 0 .. rows-1
     * @param into where it goes
     * @param offset index of the first number written
     */
    public void copyRow(int row, double[] into, int offset) {
        values.copyRow(row, into, offset);
    }

    /** A pass over some of the rows. */
    RowBlocks blocks(RowSet chosen) {
        return new RowBlocks(values, chosen);
    }

    /**
     * A copy of a column.
     *
     * @param column 0 .. columns-1
     * @return its values, first row first
     */
    public double[] column(int column) {
        double[] copy = new double[rows()];
        for (int row = 0; row < rows(); row++) {
            copy[row] = value(row, column);
        }
        return copy;
    }

    /**
     * Index of a column.
     *
     * @param column its name
     * @return 0 .. columns-1
     * @throws IllegalArgumentException naming the columns there are, if there is none of that name
     */
    public int indexOf(String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "no column is called '%s'; there are %s".formatted(column, String.join(", ", columns)));
        }
        return index;
    }

    /**
     * Some of the columns, in the order given.
     *
     * @param names columns to keep
     * @return a dataset of the same numbers, which are not copied
     * @throws IllegalArgumentException naming the columns there are, if one is unknown
     */
    public Dataset select(List<String> names) {
        if (names.equals(columns)) {
            return this;
        }
        int[] from = names.stream().mapToInt(this::indexOf).toArray();
        return new Dataset(names, new ColumnView(values, from));
    }

    /**
     * All columns but some.
     *
     * @param names columns to leave out
     * @return a dataset of the same numbers, which are not copied
     * @throws IllegalArgumentException naming the columns there are, if one is unknown, or if none is left
     */
    public Dataset drop(List<String> names) {
        names.forEach(this::indexOf);
        List<String> kept = new ArrayList<>(columns);
        kept.removeAll(names);
        return select(kept);
    }

    /**
     * Some of the rows, in the order given.
     *
     * @param indices rows to keep, each 0 .. rows-1; one may stand more than once
     * @return a new dataset
     */
    public Dataset rows(int[] indices) {
        int width = columns.size();
        double[] selected = allocate(indices.length, width);
        for (int i = 0; i < indices.length; i++) {
            copyRow(indices[i], selected, i * width);
        }
        return new Dataset(columns, HeapValues.of(selected, width));
    }

    /**
     * A fingerprint of names and values, in their order: SHA-256 of the number of columns, of every name's length and
     * UTF-8 bytes, and of every value's IEEE 754 bits, all big-endian.
     *
     * @return 64 hexadecimal digits
     */
    public String hash() {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(columns.size()).flip());
        for (String column : columns) {
            byte[] name = column.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
            digest.update(name);
        }
        RowBlocks blocks = RowBlocks.all(values);
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(blocks.values().length, Double.BYTES));
        while (blocks.next()) {
            int numbers = blocks.rows() * columns.size();
            bytes.clear().asDoubleBuffer().put(blocks.values(), 0, numbers);
            digest.update(bytes.limit(numbers * Double.BYTES));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Dataset[" + rows() + " rows of " + String.join(", ", columns) + "]";
    }
}
