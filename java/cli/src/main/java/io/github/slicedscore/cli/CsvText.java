package io.github.slicedscore.cli;

import io.github.slicedscore.data.TextTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes CSV: line feeds, and quotes around fields that need them. */
final class CsvText {
    private CsvText() {}

    static String header(List<String> names) {
        return names.stream().map(CsvText::quoted).collect(Collectors.joining(",")) + "\n";
    }

    /** A field, in quotes if it needs them. */
    static String quoted(String field) {
        return quoted(field, ',');
    }

    private static String quoted(String field, char delimiter) {
        boolean plain = field.chars()
                .noneMatch(
                        c -> c == delimiter || c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';' || c == '\t');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    /** What stands in a field instead of its text. */
    interface Replacement {
        /** The new text, or null to keep the old. */
        @Nullable
        String of(int row, int column);
    }

    /** A table with some of its fields replaced, in its own format. */
    static String table(TextTable table, boolean header, Replacement replacement) {
        StringBuilder text = new StringBuilder();
        char delimiter = table.delimiter();
        if (header) {
            text.append(table.columns().stream()
                            .map(name -> quoted(name, delimiter))
                            .collect(Collectors.joining(Character.toString(delimiter))))
                    .append('\n');
        }
        for (int row = 0; row < table.rows(); row++) {
            for (int column = 0; column < table.columns().size(); column++) {
                String replaced = replacement.of(row, column);
                if (column > 0) {
                    text.append(delimiter);
                }
                text.append(replaced == null ? quoted(table.field(row, column), delimiter) : replaced);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The shortest decimal that is the value. */
    static String shortest(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** The shortest decimal that is the value in single precision, which is all that a network gives. */
    static String single(double value) {
        return Float.toString((float) value);
    }

    /** Digits after the point that show a column to a hundred-thousandth of its deviation. */
    static int decimals(double deviation) {
        return Math.max(0, 5 - (int) Math.floor(Math.log10(deviation)));
    }

    static String fixed(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}
