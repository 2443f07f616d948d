package io.github.slicedscore.eval;

/**
 * One column of two tables.
 *
 * @param column its name
 * @param firstMean mean in the first table
 * @param firstDeviation standard deviation there (divided by the number of rows)
 * @param secondMean mean in the second table
 * @param secondDeviation standard deviation there
 * @param test {@link KolmogorovSmirnovTest} of the two
 */
public record ColumnComparison(
        String column,
        double firstMean,
        double firstDeviation,
        double secondMean,
        double secondDeviation,
        TestResult test) {}
