package io.github.slicedscore.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.file.Path;
import java.util.List;

/**
 * The fields of a CSV file as they stand there, for those who give a table back with some of them changed, or need a column of
 * text. Immutable; rows and columns count from 0.
 */
public final class TextTable {
    private final Path path;
    private final char delimiter;
    private final List<String> columns;
    private final List<CsvRecord> records;

    private TextTable(Path path, char delimiter, List<String> columns, List<CsvRecord> records) {
        this.path = path;
        this.delimiter = delimiter;
        this.columns = List.copyOf(columns);
        this.records = List.copyOf(records);
    }

    /** A table of records that have all been read. */
    static TextTable of(Path path, char delimiter, List<String> columns, List<CsvRecord> records)
            throws MalformedDataException {
        CsvTable.requireRows(path, records.size());
        for (CsvRecord row : records) {
            CsvTable.requireWidth(path, row.getStartingLineNumber(), row.getFieldCount(), columns.size());
        }
        return new TextTable(path, delimiter, columns, records);
    }

    /** Bytes of memory that a record takes, about: an object and its list, and an object and its characters for each field. */
    static long memory(CsvRecord record) {
        long bytes = 48;
        for (String field : record.getFields()) {
            bytes += 52 + field.length();
        }
        return bytes;
    }

    /**
     * The character between fields.
     *
     * @return as given, or as found out
     */
    public char delimiter() {
        return delimiter;
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
     * Number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return records.size();
    }

    /**
     * Where a row stands.
     *
     * @param row 0 .. rows-1
     * @return line of the file on which it begins, from 1
     */
    public long line(int row) {
        return records.get(row).getStartingLineNumber();
    }

    /**
     * One field.
     *
     * @param row 0 .. rows-1
     * @param column 0 .. columns-1
     * @return its text without the quotes around it
     */
    public String field(int row, int column) {
        return records.get(row).getField(column);
    }

    /**
     * The numbers of some columns.
     *
     * @param names columns of this table, in the order wanted
     * @return [rows, names] row-major; NaN where a value is missing, as {@link MissingValues} has it
     * @throws MalformedDataException naming line and column of a field that holds text or infinity
     * @throws IllegalArgumentException if there is no such column
     */
    public double[] numbers(List<String> names) throws MalformedDataException {
        int width = names.size();
        double[] numbers = new double[Math.multiplyExact(rows(), width)];
        for (int i = 0; i < width; i++) {
            int column = columns.indexOf(names.get(i));
            if (column < 0) {
                throw new IllegalArgumentException("there is no column '" + names.get(i) + "' in " + columns);
            }
            for (int row = 0; row < rows(); row++) {
                numbers[row * width + i] = number(row, column);
            }
        }
        return numbers;
    }

    private double number(int row, int column) throws MalformedDataException {
        String field = field(row, column);
        try {
            double number = CsvField.number(field);
            if (!Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new MalformedDataException("%s, line %d: '%s' in column '%s' is not a finite number; correct the field"
                .formatted(path, line(row), CsvField.sample(field), columns.get(column)));
    }
}
