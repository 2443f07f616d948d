package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * A file's text, and the numbers of a model's columns in it.
 *
 * @param file where it comes from
 * @param text all of its fields
 * @param names the model's columns, then its conditions
 * @param numbers [rows, names] row-major; NaN where a value is missing
 */
record ModelTable(Path file, TextTable text, List<String> names, double[] numbers) {
    /** What a row of a model's data begins with, and what it ends with. */
    static List<String> namesOf(ScoreModel model) {
        List<String> names = new ArrayList<>(model.columns());
        names.addAll(model.conditions());
        return names;
    }

    /** Throws unless a file has all the columns of a model. */
    static void requireColumns(Path file, List<String> wanted, List<String> present) {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(new HashSet<>(present));
        if (!missing.isEmpty()) {
            throw new BadInputException(file + " lacks " + (missing.size() == 1 ? "the column '" : "the columns '")
                    + String.join("', '", missing) + "' of the model; it has " + String.join(", ", present)
                    + ". Rename its columns, or name the character between fields with --delimiter");
        }
    }

    int rows() {
        return text.rows();
    }

    double number(int row, int name) {
        return numbers[row * names.size() + name];
    }

    /** Rows that have all values. */
    int[] completeRows() {
        int[] complete = new int[rows()];
        int found = 0;
        for (int row = 0; row < rows(); row++) {
            boolean lacks = false;
            for (int name = 0; name < names.size(); name++) {
                lacks |= Double.isNaN(number(row, name));
            }
            if (!lacks) {
                complete[found++] = row;
            }
        }
        return Arrays.copyOf(complete, found);
    }

    /** Throws, naming the first value of some columns that is missing, and the mend. */
    void requirePresent(List<String> columns, String mend) {
        for (int row = 0; row < rows(); row++) {
            for (String column : columns) {
                if (Double.isNaN(number(row, names.indexOf(column)))) {
                    throw new BadInputException(
                            file + ", line " + text.line(row) + ": column '" + column + "' has no number; " + mend);
                }
            }
        }
    }

    Dataset select(int[] rows) {
        double[] selected = new double[rows.length * names.size()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(numbers, rows[i] * names.size(), selected, i * names.size(), names.size());
        }
        return Dataset.of(names, selected);
    }
}
