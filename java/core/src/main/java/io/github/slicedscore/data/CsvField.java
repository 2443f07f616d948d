package io.github.slicedscore.data;

import java.util.Locale;

/** What the text of a field means. */
final class CsvField {
    private static final int SAMPLE_LENGTH = 30;

    private CsvField() {}

    /**
     * The number that a field holds: NaN where it says that there is none, infinite where that is what it says, or where it is
     * too large.
     *
     * @throws NumberFormatException if it holds text, also such as a date, 2024-01-31, or a version, 1.2.3
     */
    static double number(String raw) {
        return looksLikeNumber(raw)
                ? Double.parseDouble(raw)
                : numberOfWord(raw.strip().toLowerCase(Locale.ROOT));
    }

    /** What of a field fits on a line of a message. */
    static String sample(String raw) {
        String field = raw.strip();
        return field.length() <= SAMPLE_LENGTH ? field : field.substring(0, SAMPLE_LENGTH) + "...";
    }

    /** Whether all characters may stand in a decimal number: Java's parser alone would accept 1d, 0x1p3 and NaN, too. */
    private static boolean looksLikeNumber(String raw) {
        boolean digit = false;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c >= '0' && c <= '9') {
                digit = true;
            } else if ("+-.eE \t".indexOf(c) < 0) {
                return false;
            }
        }
        return digit;
    }

    private static double numberOfWord(String word) {
        return switch (word) {
            case "", "na", "n/a", "nan", "null", "?" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new NumberFormatException(word);
        };
    }
}
