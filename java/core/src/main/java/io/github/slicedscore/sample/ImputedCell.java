package io.github.slicedscore.sample;

import java.util.List;

/**
 * What a model says about a value that is missing, given those that its row has; in the units of the data.
 *
 * @param row row number, from 0
 * @param column number of the model's column, from 0
 * @param mean mean of the value
 * @param deviation its standard deviation
 * @param draws values drawn; the k-th draws of all cells of a row belong together
 */
public record ImputedCell(int row, int column, double mean, double deviation, List<Double> draws) {
    /** Copies the list. */
    public ImputedCell {
        draws = List.copyOf(draws);
    }
}
