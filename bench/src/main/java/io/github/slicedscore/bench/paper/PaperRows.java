package io.github.slicedscore.bench.paper;

import io.github.slicedscore.data.CsvOptions;
import io.github.slicedscore.data.CsvReader;
import io.github.slicedscore.data.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * A small table prepared as the paper's DKEF experiments prepare theirs: uniform noise on every column of plus or minus the median
 * gap between its different values, a random order, whitening by principal components of all rows, Gaussian noise of deviation 0.05,
 * and a tenth of the rows (1000 at the most) each for test and validation.
 *
 * @param name of the file, without its end
 * @param dimension D
 * @param training rows, row-major
 * @param validation rows
 * @param test rows
 */
record PaperRows(String name, int dimension, float[] training, float[] validation, float[] test) {
    private static final double NOISE = 0.05;
    private static final int MOST_HELD = 1000;

    /**
     * Reads and prepares a file.
     *
     * @param file a CSV file, every column of which is modelled but one
     * @param leftOut name of that one, or empty for none
     * @param seed of all random numbers, the order of the rows among them
     */
    static PaperRows read(Path file, String leftOut, long seed) throws IOException {
        CsvOptions options = leftOut.isEmpty() ? CsvOptions.DEFAULT : CsvOptions.DEFAULT.withDrop(List.of(leftOut));
        Dataset table = CsvReader.read(file, options);
        int rows = table.rows();
        int dimension = table.columns().size();
        Random random = new Random(seed);
        double[][] values = new double[rows][dimension];
        for (int i = 0; i < rows; i++) {
            table.copyRow(i, values[i], 0);
        }
        dequantize(values, random);
        shuffle(values, random);
        whiten(values);
        float[] flat = new float[rows * dimension];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) (values[i / dimension][i % dimension] + NOISE * random.nextGaussian());
        }
        int test = Math.min(MOST_HELD, rows / 10);
        int validation = Math.min(MOST_HELD, (rows - test) / 10);
        int training = rows - test - validation;
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        return new PaperRows(
                name,
                dimension,
                Arrays.copyOfRange(flat, 0, training * dimension),
                Arrays.copyOfRange(flat, training * dimension, (training + validation) * dimension),
                Arrays.copyOfRange(flat, (training + validation) * dimension, flat.length));
    }

    int trainingRows() {
        return training.length / dimension;
    }

    private static void dequantize(double[][] values, Random random) {
        for (int column = 0; column < values[0].length; column++) {
            int c = column;
            double[] different = Arrays.stream(values)
                    .mapToDouble(row -> row[c])
                    .sorted()
                    .distinct()
                    .toArray();
            if (different.length < 2) {
                throw new IllegalArgumentException("column " + (column + 1) + " has one value; leave it out");
            }
            double[] gaps = new double[different.length - 1];
            Arrays.setAll(gaps, i -> different[i + 1] - different[i]);
            Arrays.sort(gaps);
            double median = (gaps[(gaps.length - 1) / 2] + gaps[gaps.length / 2]) / 2;
            for (double[] row : values) {
                row[column] += (2 * random.nextDouble() - 1) * median;
            }
        }
    }

    private static void shuffle(double[][] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double[] row = values[i];
            values[i] = values[j];
            values[j] = row;
        }
    }

    /** x = V^T (x - mean) / deviation along each principal component. */
    private static void whiten(double[][] values) {
        int rows = values.length;
        int dimension = values[0].length;
        double[] mean = new double[dimension];
        for (double[] row : values) {
            for (int i = 0; i < dimension; i++) {
                mean[i] += row[i] / rows;
            }
        }
        DMatrixRMaj covariance = new DMatrixRMaj(dimension, dimension);
        for (double[] row : values) {
            for (int i = 0; i < dimension; i++) {
                row[i] -= mean[i];
            }
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    covariance.add(i, j, row[i] * row[j] / rows);
                }
            }
        }
        EigenDecomposition_F64<DMatrixRMaj> components = DecompositionFactory_DDRM.eig(dimension, true, true);
        if (!components.decompose(covariance)) {
            throw new IllegalArgumentException("the columns have no principal components");
        }
        double[] whitened = new double[dimension];
        for (double[] row : values) {
            for (int k = 0; k < dimension; k++) {
                DMatrixRMaj direction = components.getEigenVector(k);
                double sum = 0;
                for (int i = 0; i < dimension; i++) {
                    sum += direction.get(i) * row[i];
                }
                whitened[k] = sum / Math.sqrt(components.getEigenvalue(k).getReal());
            }
            System.arraycopy(whitened, 0, row, 0, dimension);
        }
    }
}
