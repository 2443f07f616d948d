package io.github.slicedscore.data;

import java.util.Arrays;

/** What a data file is, by its first bytes. */
public enum DataFormat {
    /** Text: {@link CsvReader}. */
    CSV("CSV"),
    /** A matrix that NumPy saved: {@link NpyHeader}. */
    NPY("NumPy"),
    /** A tensor as of MNIST: {@link IdxHeader}. */
    IDX("IDX"),
    /** A table that {@link RowsFile} wrote. */
    ROWS("rows");

    /** First bytes that are enough to tell. */
    static final int HEAD = 8;

    private final String label;

    DataFormat(String label) {
        this.label = label;
    }

    /**
     * A name for messages.
     *
     * @return such as CSV
     */
    public String label() {
        return label;
    }

    /** The format of a file that begins so. */
    static DataFormat of(byte[] head) {
        if (startsWith(head, RowsFile.MAGIC)) {
            return ROWS;
        }
        if (startsWith(head, NpyHeader.MAGIC)) {
            return NPY;
        }
        return IdxHeader.isMagic(head) ? IDX : CSV;
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }
}
