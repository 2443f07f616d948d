package io.github.slicedscore.train;

import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Rounding;
import io.github.slicedscore.data.RowSet;
import io.github.slicedscore.data.Split;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What training makes of a table: columns in the order [x, c], rows split, standardised by the training rows alone.
 *
 * @param data the table with its columns in order
 * @param hash hash of that table
 * @param columns names of the modelled columns
 * @param dequantized names of those that are rounded and get uniform noise
 * @param standardizer fitted on the training rows
 * @param training rows trained on
 * @param validation rows held out, or null where there are none
 * @param held the held-out rows
 */
record PreparedData(
        Dataset data,
        String hash,
        List<String> columns,
        List<String> dequantized,
        Standardizer standardizer,
        TrainingRows training,
        @Nullable TrainingRows validation,
        RowSet held) {

    /**
     * How many standard deviations from the mean a held-out value may be. Squares of greater ones, and what a network makes of them,
     * leave the range of single precision. Training rows cannot be further off than the square root of their number.
     */
    private static final double FARTHEST = 1e15;

    static PreparedData of(TrainingConfig config, Dataset table) {
        for (String condition : config.conditions()) {
            table.indexOf(condition);
        }
        List<String> columns = new ArrayList<>(table.columns());
        columns.removeAll(config.conditions());
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "every column is a condition, so there is nothing to model; take one out of "
                            + config.conditions());
        }
        List<String> order = new ArrayList<>(columns);
        order.addAll(config.conditions());
        Dataset data = table.select(order);
        Split split = Split.of(data.rows(), config.validationFraction(), config.seed());
        RowSet training = split.training();
        RowSet held = split.validation();
        Standardizer standardizer = Standardizer.fit(data, training);
        requireNear(data, held, standardizer);

        float[] halfWidths = new float[columns.size()];
        List<String> dequantized = new ArrayList<>();
        if (config.dequantize()) {
            double[] original = Rounding.halfWidths(data.select(columns), training);
            double[] deviations = standardizer.deviations();
            for (int i = 0; i < halfWidths.length; i++) {
                halfWidths[i] = (float) (original[i] / deviations[i]);
                if (halfWidths[i] > 0) {
                    dequantized.add(columns.get(i));
                }
            }
        }
        Augmentation augmentation = new Augmentation(halfWidths, (float) config.noise());
        int dimension = columns.size();
        return new PreparedData(
                data,
                data.hash(),
                columns,
                dequantized,
                standardizer,
                TrainingRows.of(data, training, standardizer, dimension, augmentation),
                held.size() == 0 ? null : TrainingRows.of(data, held, standardizer, dimension, augmentation),
                held);
    }

    private static void requireNear(Dataset data, RowSet rows, Standardizer standardizer) {
        double[] row = new double[data.columns().size()];
        for (int i = 0; i < rows.size(); i++) {
            data.copyRow(rows.row(i), row, 0);
            for (int column = 0; column < row.length; column++) {
                double distance = Math.abs(standardizer.standardize(column, row[column]));
                if (!(distance <= FARTHEST)) {
                    throw new IllegalArgumentException(
                            "row %d (counted from 0), which is held out: %s in column '%s' is %.1e standard deviations from the mean of the training rows; correct it, or leave the row out"
                                    .formatted(
                                            rows.row(i),
                                            row[column],
                                            data.columns().get(column),
                                            distance));
                }
            }
        }
    }
}
