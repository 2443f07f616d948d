package io.github.slicedscore.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts the text of a CSV file into parts of whole records, each of which can be parsed without the others. Reading ahead for the
 * first record and for the delimiter loses nothing.
 */
final class CsvSplitter {
    /** Bytes of a part that are looked at to find the delimiter. */
    private static final int DETECTION_LIMIT = 1 << 16;

    /** Longer records are left to a parser that reads the rest of the file as a stream. */
    static final int LONGEST_RECORD = 1 << 24;

    private static final long QUOTES = 0x2222222222222222L;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final InputStream content;
    private final int partSize;

    /** Read, but not yet handed out: bytes 0 .. kept - 1. */
    private byte[] ahead;

    private int kept;
    private boolean ended;

    /**
     * A splitter.
     *
     * @param content the text, from its first byte, with or without a byte order mark
     * @param partSize bytes that a part has, unless a record needs more
     */
    CsvSplitter(InputStream content, int partSize) throws IOException {
        this.content = content;
        this.partSize = partSize;
        this.ahead = new byte[DETECTION_LIMIT];
        readAhead(DETECTION_LIMIT);
        if (kept >= 3 && ahead[0] == (byte) 0xEF && ahead[1] == (byte) 0xBB && ahead[2] == (byte) 0xBF) {
            drop(3);
        }
    }

    /** A part: bytes 0 .. length - 1 of an array, which is used again for another part afterwards. */
    static final class Part {
        private byte[] bytes = {};
        private int length;
        private boolean plain;
        private boolean isLong;

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /** Whether a record made it longer than parts are, and its array, too. */
        boolean isLong() {
            return isLong;
        }

        /** Whether all is ASCII without a quote, and the last byte ends a line. */
        boolean isPlain() {
            return plain;
        }
    }

    private void readAhead(int wanted) throws IOException {
        if (ahead.length < wanted) {
            ahead = Arrays.copyOf(ahead, wanted);
        }
        int read = content.readNBytes(ahead, kept, wanted - kept);
        ended = read < wanted - kept;
        kept += read;
    }

    private void drop(int count) {
        kept -= count;
        System.arraycopy(ahead, count, ahead, 0, kept);
    }

    /** The one of comma, semicolon and tab that stands most often outside quotes on the first line; else a comma. */
    char delimiter() {
        int commas = 0;
        int semicolons = 0;
        int tabs = 0;
        boolean quoted = false;
        boolean blank = true;
        for (int i = 0; i < Math.min(kept, DETECTION_LIMIT); i++) {
            byte c = ahead[i];
            if (!blank && !quoted && (c == '\n' || c == '\r')) {
                break;
            }
            blank &= c == '\n' || c == '\r';
            quoted ^= c == '"';
            if (!quoted) {
                commas += c == ',' ? 1 : 0;
                semicolons += c == ';' ? 1 : 0;
                tabs += c == '\t' ? 1 : 0;
            }
        }
        if (commas >= semicolons && commas >= tabs) {
            return ',';
        }
        return semicolons >= tabs ? ';' : '\t';
    }

    /**
     * The first record, with the blank lines before it.
     *
     * @return its bytes, which are not taken away
     */
    byte[] first(char delimiter) throws IOException {
        int end = CsvRecords.firstEnd(ahead, kept, delimiter, ended);
        while (end < 0 && !ended && kept < LONGEST_RECORD) {
            readAhead(Math.min(LONGEST_RECORD, 2 * kept));
            end = CsvRecords.firstEnd(ahead, kept, delimiter, ended);
        }
        return Arrays.copyOf(ahead, end < 0 ? kept : end);
    }

    /** Takes bytes away that were looked at. */
    void skip(int count) {
        drop(count);
    }

    /**
     * The next part.
     *
     * @param into what it is put in, or an earlier part that is done with
     * @param delimiter between fields
     * @return whether there was one; if not, {@link #rest} is what is left, if anything is
     */
    boolean next(Part into, char delimiter) throws IOException {
        int wanted = partSize;
        for (; ; ) {
            if (kept < wanted && !ended) {
                readAhead(wanted);
            }
            if (kept == 0) {
                return false;
            }
            int length = Math.min(kept, wanted);
            boolean last = ended && length == kept;
            boolean plain = isPlain(ahead, length);
            int end = plain ? lastLineEnd(ahead, length) : CsvRecords.lastEnd(ahead, length, delimiter);
            if (last) {
                end = length;
            }
            if (end > 0) {
                hand(into, end, plain);
                return true;
            }
            if (wanted >= LONGEST_RECORD) {
                return false;
            }
            wanted = Math.min(LONGEST_RECORD, 2 * wanted);
        }
    }

    private void hand(Part into, int end, boolean plain) {
        // One byte more than needed, for a line end after the last record; of a small file no more than it has.
        if (into.bytes.length <= end) {
            into.bytes = new byte[Math.max(end, Math.min(kept, partSize)) + 1];
        }
        System.arraycopy(ahead, 0, into.bytes, 0, end);
        into.length = end;
        into.plain = plain;
        into.isLong = end > partSize;
        byte closing = into.bytes[end - 1];
        if (plain && closing != '\n' && closing != '\r') {
            into.bytes[into.length++] = '\n';
        }
        drop(end);
    }

    /** Whether something is left, once there is no next part. */
    boolean hasRest() {
        return kept > 0;
    }

    /** All that is left. */
    InputStream rest() {
        return new SequenceInputStream(new ByteArrayInputStream(ahead, 0, kept), content);
    }

    /** Whether no byte is a quote or beyond ASCII, looked at eight at a time. */
    private static boolean isPlain(byte[] text, int length) {
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long eight = (long) EIGHT_BYTES.get(text, i);
            long quotes = eight ^ QUOTES;
            // The high bit of a byte is set where the byte is zero, and above it perhaps elsewhere, too: enough for a
            // yes or no.
            if (((((quotes - LOW_BITS) & ~quotes) | eight) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (text[i] < 0 || text[i] == '"') {
                return false;
            }
        }
        return true;
    }

    /** Index after the last line end, or 0; a CR at the very end may have its LF in the next part. */
    private static int lastLineEnd(byte[] text, int length) {
        for (int i = length - 1; i >= 0; i--) {
            if (text[i] == '\n' || (text[i] == '\r' && i + 1 < length)) {
                return i + 1;
            }
        }
        return 0;
    }
}
