package io.github.slicedscore.data;

import java.nio.charset.StandardCharsets;

/** Where records end in bytes that begin with one: at line ends outside quotes, which open a field or close it (RFC 4180). */
final class CsvRecords {
    private CsvRecords() {}

    /** Index after the last record that surely ends in the bytes, or 0 if none does. */
    static int lastEnd(byte[] text, int length, char delimiter) {
        return scan(text, length, delimiter, false);
    }

    /**
     * Index after the first record that is not a blank line.
     *
     * @param complete whether nothing comes after the bytes
     * @return -1 if its end is not among the bytes
     */
    static int firstEnd(byte[] text, int length, char delimiter, boolean complete) {
        int end = scan(text, length, delimiter, true);
        return end > 0 || !complete ? (end > 0 ? end : -1) : length;
    }

    private static int scan(byte[] text, int length, char delimiter, boolean first) {
        byte[] separator = String.valueOf(delimiter).getBytes(StandardCharsets.UTF_8);
        int end = 0;
        boolean blank = true;
        int at = 0;
        while (at < length) {
            at = fieldEnd(text, at, length, separator);
            if (at >= length) {
                break;
            }
            if (text[at] != '\n' && text[at] != '\r') {
                blank = false;
                at += separator.length;
                continue;
            }
            blank &= at == end;
            if (text[at] == '\r') {
                if (at + 1 == length) {
                    break; // its LF may come
                }
                at += text[at + 1] == '\n' ? 1 : 0;
            }
            end = ++at;
            if (first && !blank) {
                return end;
            }
            blank = true;
        }
        return first ? 0 : end;
    }

    /** Index of the delimiter or line end after the field that begins at an index, or the length if there is none. */
    private static int fieldEnd(byte[] text, int from, int length, byte[] separator) {
        int at = from;
        if (text[at] == '"') {
            at++;
            while (at < length && (text[at] != '"' || (at + 1 < length && text[at + 1] == '"'))) {
                at += text[at] == '"' ? 2 : 1;
            }
            at++;
        }
        while (at < length && text[at] != '\n' && text[at] != '\r' && !startsWith(text, at, length, separator)) {
            at++;
        }
        return Math.min(at, length);
    }

    private static boolean startsWith(byte[] text, int at, int length, byte[] separator) {
        if (text[at] != separator[0] || at + separator.length > length) {
            return false;
        }
        for (int i = 1; i < separator.length; i++) {
            if (text[at + i] != separator[i]) {
                return false;
            }
        }
        return true;
    }
}
