package io.github.slicedscore.eval;

import io.github.slicedscore.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Whether two tables come from one distribution: their columns one by one, and their rows as a whole, in units of the columns'
 * deviations over both tables together.
 *
 * @param firstRows number of rows of the first table
 * @param secondRows number of rows of the second
 * @param columns each column by itself
 * @param discrepancy {@link MaximumMeanDiscrepancy} of the rows
 * @param classifier {@link ClassifierTwoSampleTest} of the rows
 */
public record TableComparison(
        int firstRows,
        int secondRows,
        List<ColumnComparison> columns,
        Finding<TestResult> discrepancy,
        Finding<TestResult> classifier) {
    /** Copies the list. */
    public TableComparison {
        columns = List.copyOf(columns);
    }

    /**
     * Compares two tables, with the standard settings of the tests.
     *
     * @param first at least one row
     * @param second at least one row of the same columns, in any order
     * @param seed key of the random numbers
     * @return the comparison
     * @throws IllegalArgumentException if the second table lacks a column, or one has no rows
     */
    public static TableComparison of(Dataset first, Dataset second, long seed) {
        Dataset other = second.select(first.columns());
        List<ColumnComparison> columns = new ArrayList<>();
        int width = first.columns().size();
        double[] x = new double[first.rows() * width];
        double[] y = new double[other.rows() * width];
        for (int column = 0; column < width; column++) {
            double[] a = first.column(column);
            double[] b = other.column(column);
            Moments ofFirst = Moments.of(a);
            Moments ofSecond = Moments.of(b);
            columns.add(new ColumnComparison(
                    first.columns().get(column),
                    ofFirst.mean,
                    ofFirst.deviation,
                    ofSecond.mean,
                    ofSecond.deviation,
                    KolmogorovSmirnovTest.test(a, b)));
            Moments pooled = Moments.of(
                    DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray());
            pooled.standardize(a, x, column, width);
            pooled.standardize(b, y, column, width);
        }
        return new TableComparison(
                first.rows(),
                other.rows(),
                columns,
                Finding.of(() -> MaximumMeanDiscrepancy.standard().test(x, y, width, seed)),
                Finding.of(() -> ClassifierTwoSampleTest.standard().test(x, y, width, seed)));
    }

    private record Moments(double mean, double deviation) {
        static Moments of(double[] values) {
            double mean = Arrays.stream(values).sum() / values.length;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Moments(mean, Math.sqrt(squares / values.length));
        }

        /** A constant column stays as it is, less its mean. */
        void standardize(double[] values, double[] into, int column, int width) {
            for (int row = 0; row < values.length; row++) {
                into[row * width + column] = (values[row] - mean) / (deviation > 0 ? deviation : 1);
            }
        }
    }
}
