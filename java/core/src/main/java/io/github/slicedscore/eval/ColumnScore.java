package io.github.slicedscore.eval;

/**
 * The score of one column of a row.
 *
 * @param column its name
 * @param score derivative of the log-density by the column in units of its deviation, d_i s_i: positive where a larger value would
 *     be more probable, so where the value is too low for the rest of its row
 */
public record ColumnScore(String column, double score) {}
