package io.github.slicedscore.data;

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
     * passes.
     *
     * @param data the data
     * @param rows the rows that count: the training rows, at least one
     * @return their standardizer
     * @throws IllegalArgumentException naming a column that is constant over the rows, or too large to be squared
     */
    public static Standardizer fit(Dataset data, int[] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("there is no row to take a mean of");
        }
        int width = data.columns().size();
        double[] means = new double[width];
        double[] deviations = new double[width];
        for (int column = 0; column < width; column++) {
            double sum = 0;
            boolean constant = true;
            for (int row : rows) {
                sum += data.value(row, column);
                constant &= data.value(row, column) == data.value(rows[0], column);
            }
            double mean = sum / rows.length;
            double squares = 0;
            for (int row : rows) {
                double difference = data.value(row, column) - mean;
                squares += difference * difference;
            }
            double deviation = Math.sqrt(squares / rows.length);
            String name = data.columns().get(column);
            // The sum of equal values rounds, so the deviation alone does not tell a constant column.
            if (constant || deviation == 0) {
                throw new IllegalArgumentException(
                        "column '%s' is constant (%s in all %d training rows) and has no density; leave it out with %s"
                                .formatted(
                                        name, data.value(rows[0], column), rows.length, DropOption.of(List.of(name))));
            }
            if (!Double.isFinite(deviation)) {
                throw new IllegalArgumentException(
                        "the values of column '%s' are too large to be squared; give them in another unit"
                                .formatted(name));
            }
            means[column] = mean;
            deviations[column] = deviation;
        }
        return new Standardizer(means, deviations);
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
            for (int column = 0; column < width; column++) {
                standard[i * width + column] = (float) standardize(column, data.value(rows[i], column));
            }
        }
        return standard;
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
