package io.github.slicedscore.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Holds one CSV record at a time: the first as text, since it may be the header, every other one as the numbers of the
 * columns that are kept. The instance is its own record, so that a file of any length needs one row of memory here.
 */
final class CsvRecordParser extends AbstractBaseCsvCallbackHandler<CsvRecordParser> {
    /** What a field holds. */
    enum Kind {
        NUMBER,
        MISSING,
        INFINITE,
        TEXT
    }

    private static final int SAMPLE_LENGTH = 30;

    private final List<String> first = new ArrayList<>();
    private boolean started;
    private int width;
    private int[] target = {};
    private double[] numbers = {};
    private Kind[] kinds = {};
    private String[] samples = {};
    private boolean[] text = {};

    /** Fields of the first record. */
    List<String> first() {
        return first;
    }

    /** Line of the file on which the record starts, from 1. */
    long line() {
        return getStartingLineNumber();
    }

    /** Number of fields in the record. */
    int fields() {
        return getFieldCount();
    }

    /** Number of fields that the first record has, and every other should. */
    int width() {
        return width;
    }

    /**
     * Says which fields of the records to come are numbers.
     *
     * @param fieldCount fields a record
     * @param kept the fields to keep, in the order wanted
     */
    void expect(int fieldCount, int[] kept) {
        started = true;
        width = fieldCount;
        target = new int[fieldCount];
        Arrays.fill(target, -1);
        for (int i = 0; i < kept.length; i++) {
            target[kept[i]] = i;
        }
        numbers = new double[kept.length];
        kinds = new Kind[kept.length];
        Arrays.fill(kinds, Kind.NUMBER);
        samples = new String[kept.length];
        Arrays.fill(samples, "");
        text = new boolean[kept.length];
    }

    /** Takes the first record, which turned out to be no header, for a row of numbers. */
    void parseFirst() {
        for (int i = 0; i < first.size(); i++) {
            parse(i, first.get(i));
        }
    }

    /** Numbers of the record, valid where {@link #kind} says so. */
    double[] numbers() {
        return numbers;
    }

    /** What the field of a kept column holds. */
    Kind kind(int column) {
        return kinds[column];
    }

    /** The field of a kept column as it stands in the file, if it is not a number. */
    String sample(int column) {
        return samples[column];
    }

    @Override
    protected void handleField(int field, char[] buffer, int offset, int length, boolean quoted) {
        if (!started) {
            first.add(new String(buffer, offset, length));
        } else if (field < width && target[field] >= 0 && !text[target[field]]) {
            parse(field, new String(buffer, offset, length));
        }
    }

    @Override
    protected CsvRecordParser buildRecord() {
        return this;
    }

    private void parse(int field, String raw) {
        int column = target[field];
        if (column < 0) {
            return;
        }
        Kind kind = Kind.TEXT;
        try {
            numbers[column] = number(raw);
            kind = Double.isNaN(numbers[column])
                    ? Kind.MISSING
                    : Double.isInfinite(numbers[column]) ? Kind.INFINITE : Kind.NUMBER;
        } catch (NumberFormatException e) {
            // Such as a date, 2024-01-31, or a version, 1.2.3.
        }
        kinds[column] = kind;
        if (kind != Kind.NUMBER) {
            samples[column] = shorten(raw.strip());
            // One text is enough to refuse the column, so the rest of it need not be read.
            text[column] = kind == Kind.TEXT;
        }
    }

    /**
     * The number that a field holds: NaN where it says that there is none, infinite where that is what it says, or where it is
     * too large.
     *
     * @throws NumberFormatException if it holds text
     */
    static double number(String raw) {
        return looksLikeNumber(raw)
                ? Double.parseDouble(raw)
                : numberOfWord(raw.strip().toLowerCase(Locale.ROOT));
    }

    /** What fits on a line of a message. */
    static String shorten(String field) {
        String line = field.replaceAll("\\R", " ");
        return line.length() <= SAMPLE_LENGTH ? line : line.substring(0, SAMPLE_LENGTH) + "...";
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
