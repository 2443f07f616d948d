package io.github.slicedscore.sample;

/** Running deviations of the columns of rows, by Welford's update. */
final class ColumnMoments {
    private final int dimension;
    private final double[] means;
    private final double[] squares;
    private long count;

    ColumnMoments(int dimension) {
        this.dimension = dimension;
        means = new double[dimension];
        squares = new double[dimension];
    }

    /** Adds rows [rows, D]. */
    void add(double[] values, int rows) {
        for (int row = 0; row < rows; row++) {
            count++;
            for (int i = 0; i < dimension; i++) {
                double value = values[row * dimension + i];
                double difference = value - means[i];
                means[i] += difference / count;
                squares[i] += difference * (value - means[i]);
            }
        }
    }

    long count() {
        return count;
    }

    /** Of at least two rows. */
    double[] deviations() {
        double[] deviations = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            deviations[i] = Math.sqrt(squares[i] / (count - 1));
        }
        return deviations;
    }
}
