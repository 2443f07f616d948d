package io.github.slicedscore.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The affine map between original and standardised units, column by column:
 *
 * <pre>z = (x - mean) / deviation</pre>
 *
 * <p>A log-density in original units is that of z minus {@link #logScale}.
 *
 * @param means mean of each column, in original units
 * @param deviations standard deviation of each column, in original units; positive
 */
public record Standardizer(double[] means, double[] deviations) {
    /** Copies the arrays; checks that they are of one length, finite, and the deviations positive. */
    public Standardizer {
        if (means.length != deviations.length) {
            throw new IllegalArgumentException(
                    "%d means do not go with %d deviations".formatted(means.length, deviations.length));
        }
        for (int i = 0; i < means.length; i++) {
            if (!Double.isFinite(means[i]) || !Double.isFinite(deviations[i]) || deviations[i] <= 0) {
                throw new IllegalArgumentException(
                        ("column %d (counted from 0): the mean %s and the deviation %s are not"
                                        + " finite numbers, the latter positive")
                                .formatted(i, means[i], deviations[i]));
            }
        }
        means = means.clone();
        deviations = deviations.clone();
    }

    /**
     * Mean and population standard deviation (the sum of squares divided by the number of rows) of every column, in two
     * passes; the second one corrects the mean, which of a column that hardly varies would be off by more than its deviation:
     *
     * <pre>m = sum x / n,   c = sum (x - m) / n,   mean = m + c,   deviation^2 = sum (x - m)^2 / n - c^2</pre>
     *
     * @param data the data
     * @param rows the rows that count: the training rows, at least one
     * @return their standardizer
     * @throws IllegalArgumentException naming columns that are constant over the rows, or one whose differences are too large or
     *     too small to be squared
     */
    public static Standardizer fit(Dataset data, RowSet rows) {
        if (rows.size() == 0) {
            throw new IllegalArgumentException("there is no row to take a mean of");
        }
        int width = data.columns().size();
        double[] first = new double[width];
        data.copyRow(rows.row(0), first, 0);
        double[] means = new double[width];
        boolean[] varies = new boolean[width];
        // Block by block, as they lie in a file, which is read once a pass; in a block column by column, with sums in
        // registers.
        for (RowBlocks blocks = data.blocks(rows); blocks.next(); ) {
            double[] values = blocks.values();
            int end = blocks.rows() * width;
            for (int column = 0; column < width; column++) {
                double sum = means[column];
                boolean differs = false;
                for (int i = column; i < end; i += width) {
                    sum += values[i];
                    differs |= values[i] != first[column];
                }
                means[column] = sum;
                varies[column] |= differs;
            }
        }
        for (int column = 0; column < width; column++) {
            means[column] /= rows.size();
        }
        double[] deviations = new double[width];
        double[] corrections = new double[width];
        for (RowBlocks blocks = data.blocks(rows); blocks.next(); ) {
            double[] values = blocks.values();
            int end = blocks.rows() * width;
            for (int column = 0; column < width; column++) {
                double sum = corrections[column];
                double squares = deviations[column];
                for (int i = column; i < end; i += width) {
                    double difference = values[i] - means[column];
                    sum += difference;
                    squares += difference * difference;
                }
                corrections[column] = sum;
                deviations[column] = squares;
            }
        }
        List<String> constant = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            double correction = corrections[column] / rows.size();
            double square = deviations[column] / rows.size() - correction * correction;
            means[column] += correction;
            deviations[column] = Math.sqrt(square);
            // The sum of equal values rounds, so the deviation alone does not tell a constant column.
            if (!varies[column]) {
                constant.add(data.columns().get(column));
            } else if (!(square >= Double.MIN_NORMAL && square <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "the values of column '%s' are too %s to be squared; give them in another unit"
                                .formatted(data.columns().get(column), square < 1 ? "close together" : "large"));
            }
        }
        if (rows.size() == 1) {
            throw new IllegalArgumentException(
                    "there is 1 training row, in which every column is constant and has no density; give more rows, or hold out fewer");
        }
        if (constant.size() == 1) {
            String name = constant.get(0);
            throw new IllegalArgumentException(
                    "column '%s' is constant (%s in all %d training rows) and has no density; leave it out with %s"
                            .formatted(name, first[data.indexOf(name)], rows.size(), DropOption.of(constant)));
        }
        if (!constant.isEmpty()) {
            throw new IllegalArgumentException(
                    "%d of %d columns are constant in all %d training rows and have no density; leave them out with %s"
                            .formatted(constant.size(), width, rows.size(), DropOption.of(constant)));
        }
        return new Standardizer(means, deviations);
    }

    /**
     * Mean and population standard deviation of every column, as the other method of this name.
     *
     * @param data the data
     * @param rows the rows that count, ascending, at least one
     * @return their standardizer
     * @throws IllegalArgumentException as the other method of this name
     */
    public static Standardizer fit(Dataset data, int[] rows) {
        return fit(data, RowSet.of(rows));
    }

    /**
     * Mean of each column.
     *
     * @return a copy
     */
    @Override
    public double[] means() {
        return means.clone();
    }

    /**
     * Standard deviation of each column.
     *
     * @return a copy
     */
    @Override
    public double[] deviations() {
        return deviations.clone();
    }

    /**
     * Rows in standardised units.
     *
     * @param data data with the columns of this standardizer
     * @param rows which rows
     * @return [rows, columns] row-major
     */
    public float[] toStandard(Dataset data, int[] rows) {
        int width = means.length;
        if (data.columns().size() != width) {
            throw new IllegalArgumentException("the standardizer has %d columns, the data has %d: %s"
                    .formatted(width, data.columns().size(), String.join(", ", data.columns())));
        }
        float[] standard = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            toStandard(data, rows[i], standard, i * width);
        }
        return standard;
    }

    /** Puts a row in standardised units into an array, from an index on. */
    void toStandard(Dataset data, int row, float[] into, int offset) {
        for (int column = 0; column < means.length; column++) {
            into[offset + column] = (float) standardize(column, data.value(row, column));
        }
    }

    /**
     * A value in standardised units.
     *
     * @param column 0 .. columns-1
     * @param value in original units
     * @return (value - mean) / deviation
     */
    public double standardize(int column, double value) {
        return (value - means[column]) / deviations[column];
    }

    /**
     * A value in original units.
     *
     * @param column 0 .. columns-1
     * @param value in standardised units
     * @return mean + deviation * value
     */
    public double restore(int column, double value) {
        return means[column] + deviations[column] * value;
    }

    /**
     * The logarithm of the volume of a standardised unit cube in original units: sum of log deviation over the modelled
     * columns. Conditions have no part in it.
     *
     * @param dimension D, number of modelled columns; they stand first
     * @return what to subtract from a log-density in standardised units
     */
    public double logScale(int dimension) {
        double sum = 0;
        for (int column = 0; column < dimension; column++) {
            sum += Math.log(deviations[column]);
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Standardizer that
                && Arrays.equals(means, that.means)
                && Arrays.equals(deviations, that.deviations);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(means) + Arrays.hashCode(deviations);
    }

    @Override
    public String toString() {
        return "Standardizer[means=" + Arrays.toString(means) + ", deviations=" + Arrays.toString(deviations) + "]";
    }
}
