package io.github.slicedscore.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files that are given in place of a table now and then, to say what they are in place of a complaint about their bytes. */
enum ForeignFormat {
    ZIP("PK\u0003\u0004", "a zip archive (perhaps .npz or a spreadsheet)", "take one table out, as CSV or .npy"),
    GZIP("\u001f\u008b", "packed by gzip twice", "unpack it once with gzip -d"),
    ZSTD("(\u00b5/\u00fd", "packed by zstd", "unpack it with zstd -d"),
    XZ("\u00fd7zXZ", "packed by xz", "unpack it with xz -d"),
    BZIP2("BZh", "packed by bzip2", "unpack it with bzip2 -d"),
    PARQUET("PAR1", "a Parquet file", "save it as CSV or .npy"),
    HDF5("\u0089HDF", "an HDF5 file", "save one table of it as CSV or .npy");

    private final byte[] magic;
    private final String what;
    private final String mend;

    ForeignFormat(String magic, String what, String mend) {
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
        this.what = what;
        this.mend = mend;
    }

    /** Throws if a file begins as one of them. */
    static void refuse(Path path, byte[] head) throws MalformedDataException {
        for (ForeignFormat format : values()) {
            boolean same = head.length >= format.magic.length;
            for (int i = 0; same && i < format.magic.length; i++) {
                same = head[i] == format.magic[i];
            }
            if (same) {
                throw new MalformedDataException(path + " is " + format.what + "; " + format.mend);
            }
        }
    }
}
