package io.github.slicedscore.data;

import java.math.BigInteger;

/**
 * Reads decimal numbers from bytes, to the same bits as {@link Double#parseDouble}, but several times as fast. What it is not
 * sure of, it leaves to that.
 *
 * <p>A number is w 10^q with a whole w of at most 19 digits. Where w and 10^|q| are doubles themselves, one multiplication or
 * division rounds correctly (Clinger). Else w is multiplied with 10^q cut to 64 bits, whose error is known: where all numbers
 * within it round to the same double, that is the result (after Lemire), which fails in about one case of 500.
 *
 * <p>An instance is for one thread.
 *
 * <h2>References</h2>
 * <ol>
 * <li>W. D. Clinger. How to read floating point numbers accurately. PLDI 1990.</li>
 * <li>D. Lemire. Number parsing at a gigabyte per second. Software: Practice and Experience 51(8), 2021.</li>
 * </ol>
 */
final class DecimalParser {
    private static final int MOST_DIGITS = 19;

    /** Powers of ten that are doubles exactly. */
    private static final double[] EXACT = new double[23];

    /** Largest |q| of the tables. */
    private static final int RANGE = 64;

    /** The leading 64 bits of 10^q, cut: 10^q is in [LEADING, LEADING + 1) 2^EXPONENT. */
    private static final long[] LEADING = new long[2 * RANGE + 1];

    private static final int[] EXPONENT = new int[2 * RANGE + 1];

    static {
        for (int q = 0; q < EXACT.length; q++) {
            EXACT[q] = BigInteger.TEN.pow(q).doubleValue();
        }
        for (int q = -RANGE; q <= RANGE; q++) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(q));
            int bits = power.bitLength();
            int exponent = q < 0 ? -(bits + 63) : bits - 64;
            BigInteger leading = q < 0 ? BigInteger.ONE.shiftLeft(-exponent).divide(power) : power.shiftRight(exponent);
            LEADING[q + RANGE] = leading.longValue();
            EXPONENT[q + RANGE] = exponent;
        }
    }

    private int end;

    /** Index of the first byte after the number that was read last. */
    int end() {
        return end;
    }

    /**
     * Reads the number that begins at an index: a sign, digits with a point among, before or after them, and an exponent. Some
     * byte that belongs to no number must follow it in the array.
     *
     * @return the number, or NaN if there is none, or none that this parser is sure of
     */
    double parse(byte[] text, int from) {
        int at = from;
        int c = text[at];
        boolean negative = c == '-';
        if (negative || c == '+') {
            c = text[++at];
        }
        int first = at;
        long digits = 0;
        while (isDigit(c)) {
            digits = 10 * digits + c - '0';
            c = text[++at];
        }
        int count = at - first;
        int exponent = 0;
        if (c == '.') {
            int fraction = ++at;
            c = text[at];
            while (isDigit(c)) {
                digits = 10 * digits + c - '0';
                c = text[++at];
            }
            exponent = fraction - at;
            count -= exponent;
        }
        if (count == 0 || (count > MOST_DIGITS && significant(text, first, at) > MOST_DIGITS)) {
            return Double.NaN;
        }
        if (c == 'e' || c == 'E') {
            c = text[++at];
            boolean small = c == '-';
            if (small || c == '+') {
                c = text[++at];
            }
            int written = 0;
            int begin = at;
            while (isDigit(c)) {
                written = 10 * written + c - '0';
                c = text[++at];
            }
            // More digits could overflow the integer.
            if (at == begin || at - begin > 5) {
                return Double.NaN;
            }
            exponent += small ? -written : written;
        }
        end = at;
        double value = scale(digits, exponent);
        return negative ? -value : value;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Number of digits from the first that is not zero. */
    private static int significant(byte[] text, int from, int to) {
        int at = from;
        while (at < to && (text[at] == '0' || text[at] == '.')) {
            at++;
        }
        int count = 0;
        for (; at < to; at++) {
            count += isDigit(text[at]) ? 1 : 0;
        }
        return count;
    }

    /** w 10^q rounded to the nearest double, or NaN where that is not sure; w is unsigned. */
    private static double scale(long w, int q) {
        if (w >>> 53 == 0) {
            if (q == 0 || w == 0) {
                return w;
            }
            if (q > 0 && q < EXACT.length) {
                return w * EXACT[q];
            }
            if (q < 0 && -q < EXACT.length) {
                return w / EXACT[-q];
            }
        }
        return Math.abs(q) <= RANGE ? product(w, q) : Double.NaN;
    }

    /** With the first 64 bits of w 10^q, h, the number is in [h, h + 2) 2^e: each of the two factors was cut by less than 1. */
    private static double product(long w, int q) {
        int zeros = Long.numberOfLeadingZeros(w);
        long left = w << zeros;
        long right = LEADING[q + RANGE];
        // The high half of the unsigned product; both have their first bit, so as signed numbers they are negative.
        long high = Math.multiplyHigh(left, right) + left + right;
        int dropped = high < 0 ? 11 : 10;
        long half = 1L << (dropped - 1);
        long below = high & (2 * half - 1);
        long mantissa = high >>> dropped;
        if (below > half && below + 2 <= 2 * half) {
            mantissa++;
        } else if (below + 2 > half) {
            return Double.NaN;
        }
        int exponent = 64 + dropped + EXPONENT[q + RANGE] - zeros;
        return mantissa * Double.longBitsToDouble((long) (exponent + Double.MAX_EXPONENT) << 52);
    }
}
