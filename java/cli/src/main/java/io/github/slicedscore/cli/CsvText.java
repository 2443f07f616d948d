package io.github.slicedscore.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/** Writes CSV: commas, line feeds, names in quotes where they need them. */
final class CsvText {
    private CsvText() {}

    static String header(List<String> names) {
        return names.stream().map(CsvText::quoted).collect(Collectors.joining(",")) + "\n";
    }

    private static String quoted(String name) {
        boolean plain =
                name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';' || c == '\t');
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
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
