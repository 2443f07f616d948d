package io.github.slicedscore.sample;

import java.util.OptionalDouble;

/**
 * How well chains agree on one column.
 *
 * @param column its name
 * @param rHat split R-hat: 1 where the chains agree with each other and with themselves; empty where no chain moved, or of
 *     fewer than 4 draws a chain
 * @param effectiveSize effective sample size: how many independent draws the mean of all draws is as good as; empty where R-hat
 *     is
 */
public record ColumnMixing(String column, OptionalDouble rHat, OptionalDouble effectiveSize) {}
