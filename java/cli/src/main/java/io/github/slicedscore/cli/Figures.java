package io.github.slicedscore.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people. */
final class Figures {
    private static final MathContext FIGURE = new MathContext(4);
    private static final MathContext VALUE = new MathContext(9);

    private Figures() {}

    /** What was computed, to four digits. */
    static String of(double value) {
        return rounded(value, FIGURE);
    }

    /** What stands in a table, to nine digits. */
    static String value(double value) {
        return rounded(value, VALUE);
    }

    /** As a power of ten where there would be many zeros. */
    private static String rounded(double value, MathContext digits) {
        if (!Double.isFinite(value)) {
            return "none";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(digits).stripTrailingZeros();
        double size = Math.abs(value);
        return size != 0 && (size < 1e-4 || size >= 1e9) ? rounded.toString() : rounded.toPlainString();
    }

    /** A number and its error, which NaN leaves out. */
    static String withError(double value, double error) {
        return String.format(Locale.ROOT, "%.4f", value)
                + (Double.isNaN(error) ? "" : String.format(Locale.ROOT, " \u00B1 %.4f", error));
    }
}
