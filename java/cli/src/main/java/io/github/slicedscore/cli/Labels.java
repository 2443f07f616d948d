package io.github.slicedscore.cli;

import io.github.slicedscore.data.TextTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are known to be anomalies.
 *
 * @param column the column that says it
 * @param value what it says of anomalies, or null where it holds 1 for them and 0 for others
 */
record Labels(String column, @Nullable String value) {
    /** From {@code COLUMN} or {@code COLUMN=VALUE}; of a text with several = the column is as long as there is one. */
    static Labels of(String text, List<String> columns) {
        if (columns.contains(text)) {
            return new Labels(text, null);
        }
        for (int at = text.lastIndexOf('='); at >= 0; at = text.lastIndexOf('=', at - 1)) {
            if (columns.contains(text.substring(0, at))) {
                return new Labels(text.substring(0, at), text.substring(at + 1));
            }
        }
        throw new BadInputException("--labels: '" + text
                + "' names no column; give COLUMN or COLUMN=VALUE, with one of " + String.join(", ", columns));
    }

    /** Of each of some rows. */
    boolean[] of(ModelTable table, int[] rows) {
        TextTable text = table.text();
        int index = text.columns().indexOf(column);
        boolean[] anomalies = new boolean[rows.length];
        int found = 0;
        for (int i = 0; i < rows.length; i++) {
            String field = text.field(rows[i], index).strip();
            anomalies[i] = field.equals(value == null ? "1" : value);
            if (value == null && !anomalies[i] && !field.equals("0")) {
                throw new BadInputException(table.file() + ", line " + text.line(rows[i]) + ": '" + field
                        + "' in the column '" + column + "' of --labels is neither 0 nor 1; say which value anomalies"
                        + " have with --labels '" + column + "=VALUE'");
            }
            found += anomalies[i] ? 1 : 0;
        }
        if (found == 0 || found == rows.length) {
            throw new BadInputException("--labels: " + (found == 0 ? "no row" : "every row") + " of " + table.file()
                    + " has " + this + ", but a ranking is judged by anomalies and others; give a table of both");
        }
        return anomalies;
    }

    @Override
    public String toString() {
        return column + "=" + (value == null ? "1" : value);
    }
}
