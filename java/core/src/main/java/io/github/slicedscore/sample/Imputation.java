package io.github.slicedscore.sample;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Values that an {@link Imputer} found for those that were missing.
 *
 * @param cells one for each missing value, row after row
 * @param acceptance mean probability to accept a proposal after the warm-up; empty for chains that accept all
 * @param largestRHat the largest R-hat of all cells; empty for chains that accept all, of which each gives draws of its own
 * @param warnings what speaks against the values, a sentence each
 */
public record Imputation(
        List<ImputedCell> cells, OptionalDouble acceptance, OptionalDouble largestRHat, List<String> warnings) {
    /** Copies the lists. */
    public Imputation {
        cells = List.copyOf(cells);
        warnings = List.copyOf(warnings);
    }
}
