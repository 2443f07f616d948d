package io.github.slicedscore.data;

import java.util.List;

/**
 * How a CSV file is read.
 *
 * @param delimiter character between fields; 0 to detect comma, semicolon or tab on the first line
 * @param header whether the first line holds column names; if not, columns are called c1, c2, ...
 * @param missing what to do with missing values
 * @param columns columns to keep, in the order wanted; empty for all in the file's order
 * @param drop columns to leave out
 * @param minimumRows least number of rows to accept, 2 for training, 1 for scoring
 */
public record CsvOptions(
        char delimiter,
        boolean header,
        MissingValues missing,
        List<String> columns,
        List<String> drop,
        int minimumRows) {
    /** A detected delimiter, a header, no missing values, all columns, two rows or more. */
    public static final CsvOptions DEFAULT =
            new CsvOptions((char) 0, true, MissingValues.ERROR, List.of(), List.of(), 2);

    /** Copies the lists and checks the rest. */
    public CsvOptions {
        if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
            throw new IllegalArgumentException("a quote or a line end cannot stand between fields; choose a delimiter"
                    + " such as a comma, a semicolon or a tab");
        }
        if (minimumRows < 1) {
            throw new IllegalArgumentException("the least number of rows is at least 1, not " + minimumRows);
        }
        columns = List.copyOf(columns);
        drop = List.copyOf(drop);
    }

    /**
     * These options with another delimiter.
     *
     * @param value character between fields; 0 to detect it
     * @return new options
     */
    public CsvOptions withDelimiter(char value) {
        return new CsvOptions(value, header, missing, columns, drop, minimumRows);
    }

    /**
     * These options with or without a header.
     *
     * @param value whether the first line holds column names
     * @return new options
     */
    public CsvOptions withHeader(boolean value) {
        return new CsvOptions(delimiter, value, missing, columns, drop, minimumRows);
    }

    /**
     * These options with another rule for missing values.
     *
     * @param value what to do with missing values
     * @return new options
     */
    public CsvOptions withMissing(MissingValues value) {
        return new CsvOptions(delimiter, header, value, columns, drop, minimumRows);
    }

    /**
     * These options with other columns to keep.
     *
     * @param value columns to keep, in the order wanted; empty for all
     * @return new options
     */
    public CsvOptions withColumns(List<String> value) {
        return new CsvOptions(delimiter, header, missing, value, drop, minimumRows);
    }

    /**
     * These options with other columns to leave out.
     *
     * @param value columns to leave out
     * @return new options
     */
    public CsvOptions withDrop(List<String> value) {
        return new CsvOptions(delimiter, header, missing, columns, value, minimumRows);
    }

    /**
     * These options with another least number of rows.
     *
     * @param value least number of rows to accept
     * @return new options
     */
    public CsvOptions withMinimumRows(int value) {
        return new CsvOptions(delimiter, header, missing, columns, drop, value);
    }
}
