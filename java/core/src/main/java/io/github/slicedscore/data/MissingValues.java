package io.github.slicedscore.data;

/**
 * What a reader does with a missing value: a field that is empty, {@code NA}, {@code N/A}, {@code NaN}, {@code null} or
 * {@code ?}, in any case of letters, in a column that is kept.
 */
public enum MissingValues {
    /** Refuses the file, naming the first one. */
    ERROR,
    /** Leaves the row out and reports the number of such rows. */
    DROP
}
