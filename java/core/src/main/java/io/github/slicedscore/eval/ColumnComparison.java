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
        TestResult test) {
    /**
     * Compares two samples of one column.
     *
     * @param column its name
     * @param first values in the first table, at least one
     * @param second values in the second, at least one
     * @return the comparison
     * @throws IllegalArgumentException if one has no values, or a value is NaN
     */
    public static ColumnComparison of(String column, double[] first, double[] second) {
        Moments ofFirst = Moments.of(first);
        Moments ofSecond = Moments.of(second);
        return new ColumnComparison(
                column,
                ofFirst.mean(),
                ofFirst.deviation(),
                ofSecond.mean(),
                ofSecond.deviation(),
                KolmogorovSmirnovTest.test(first, second));
    }
}
