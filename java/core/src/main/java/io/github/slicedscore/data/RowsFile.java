package io.github.slicedscore.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Files of rows that are mapped into memory in place of being read: training on one takes no heap for the data, which may be
 * larger than it.
 *
 * <p>Little-endian throughout:
 *
 * <pre>
 * byte  0   8 bytes   89 52 4F 57 53 0D 0A 1A  ("ROWS" between bytes that text transfers damage)
 *       8   uint32    version, 1
 *      12   uint32    H, bytes of the head, a multiple of 64
 *      16   uint64    N, rows
 *      24   uint32    D, columns
 *      28   uint32    type of the numbers: 1 float32, 2 float64
 *      32   uint32    CRC-32C of the head, with this field 0
 *      36   uint32    0
 *      40   D times   uint32 length of a name in bytes, the name in UTF-8; then zeros up to H
 *       H   N x D     numbers, row by row
 * </pre>
 *
 * <p>A file ends with its last number. In Python: {@code numpy.memmap(path, '<f4', 'r', H, (N, D))}.
 */
public final class RowsFile {
    static final byte[] MAGIC = {(byte) 0x89, 'R', 'O', 'W', 'S', '\r', '\n', 0x1A};

    private static final int VERSION = 1;
    private static final int FIXED = 40;
    private static final int CHECKSUM = 32;
    private static final int ALIGNMENT = 64;

    /** More than the names of all columns that a file may have take. */
    private static final int LONGEST_HEAD = 1 << 26;

    /** How numbers are kept. */
    public enum Precision {
        /** In 4 bytes, rounded to 24 significant bits. */
        SINGLE(NumberType.FLOAT32, 1),
        /** In 8 bytes, as they are. */
        DOUBLE(NumberType.FLOAT64, 2);

        private final NumberType type;
        private final int code;

        Precision(NumberType type, int code) {
            this.type = type;
            this.code = code;
        }
    }

    /**
     * What was written.
     *
     * @param rows number of rows
     * @param columns their columns
     */
    public record Written(long rows, List<String> columns) {}

    private RowsFile() {}

    /**
     * Writes the rows of a data file as they are read, in a few megabytes of memory for any number of them.
     *
     * @param from a file of any {@link DataFormat}
     * @param options how it is read
     * @param cost what that may cost, and who hears of it
     * @param precision how numbers are kept
     * @param to an empty file
     * @return what was written
     * @throws MalformedDataException if the file cannot be used, or a number is too large for single precision
     * @throws IOException if reading or writing fails
     */
    public static Written convert(Path from, CsvOptions options, ReadOptions cost, Precision precision, FileChannel to)
            throws IOException {
        return convert(from, options, cost, precision, Optional.empty(), to);
    }

    /**
     * Writes the rows of a data file, or what a map makes of each.
     *
     * @param from a file of any {@link DataFormat}
     * @param options how it is read
     * @param cost what that may cost, and who hears of it
     * @param precision how numbers are kept
     * @param logit the map, if there is one
     * @param to an empty file
     * @return what was written
     * @throws MalformedDataException if the file cannot be used, or a number is too large for single precision or for the map
     * @throws IOException if reading or writing fails
     */
    public static Written convert(
            Path from, CsvOptions options, ReadOptions cost, Precision precision, Optional<Logit> logit, FileChannel to)
            throws IOException {
        if (DataReader.format(from) != DataFormat.CSV) {
            Dataset data = DataReader.read(from, options, cost);
            return write(data, new Writer(from, data.columns(), precision, logit, to));
        }
        try (SourceFile source = SourceFile.open(from, cost.maxRatio())) {
            return CsvReader.read(source, options, cost, columns -> new Writer(from, columns, precision, logit, to))
                    .finish();
        }
    }

    private static Written write(Dataset data, Writer writer) throws IOException {
        double[] row = new double[data.columns().size()];
        for (int i = 0; i < data.rows(); i++) {
            data.copyRow(i, row, 0);
            writer.add(row, 1);
        }
        return writer.finish();
    }

    /** Puts rows behind a head that is written last, when their number is known. */
    private static final class Writer implements RowSink {
        private final Path from;
        private final List<String> columns;
        private final Precision precision;
        private final @Nullable Logit logit;
        private final FileChannel file;
        private final OutputStream out;
        private final ByteBuffer row;
        private long rows;

        Writer(Path from, List<String> columns, Precision precision, Optional<Logit> logit, FileChannel file)
                throws IOException {
            this.from = from;
            this.logit = logit.orElse(null);
            this.columns = columns;
            this.precision = precision;
            this.file = file;
            out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
            row = ByteBuffer.allocate(Math.multiplyExact(columns.size(), precision.type.bytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            out.write(head(columns, precision, 0).array());
        }

        @Override
        public void add(double[] values, int count) throws IOException {
            int width = columns.size();
            for (int i = 0; i < count; i++) {
                row.clear();
                if (logit != null) {
                    map(logit, values, i * width);
                }
                for (int column = 0; column < width; column++) {
                    put(values[i * width + column], column);
                }
                out.write(row.array());
                rows++;
            }
        }

        private void map(Logit map, double[] values, int first) throws MalformedDataException {
            for (int column = 0; column < columns.size(); column++) {
                double value = values[first + column];
                if (!map.takes(value)) {
                    throw new MalformedDataException(
                            "%s: row %d has %s in column '%s', and levels from 0 to %d are asked for; leave the column out, or"
                                            .formatted(from, rows + 1, value, columns.get(column), map.levels() - 1)
                                    + " name another number of levels");
                }
            }
            map.apply((int) rows, values, first, columns.size());
        }

        private void put(double value, int column) throws MalformedDataException {
            if (precision == Precision.DOUBLE) {
                row.putDouble(value);
                return;
            }
            float rounded = (float) value;
            if (Float.isInfinite(rounded)) {
                throw new MalformedDataException(
                        "%s: %s in column '%s' is too large for single precision; keep it with --double, or give the column"
                                        .formatted(from, value, columns.get(column))
                                + " in another unit");
            }
            row.putFloat(rounded);
        }

        @Override
        public void expect(long expected) throws MalformedDataException {
            if (expected > 1.25 * Integer.MAX_VALUE) {
                throw new MalformedDataException(
                        from + " has more than 2^31 rows, which are too many for one file; split it");
            }
        }

        Written finish() throws IOException {
            if (rows > Integer.MAX_VALUE) {
                throw new MalformedDataException(
                        from + " has more than 2^31 rows, which are too many for one file; split it");
            }
            out.flush();
            ByteBuffer head = head(columns, precision, rows);
            long at = 0;
            while (head.hasRemaining()) {
                at += file.write(head, at);
            }
            return new Written(rows, columns);
        }
    }

    private static ByteBuffer head(List<String> columns, Precision precision, long rows) throws MalformedDataException {
        List<byte[]> names = new ArrayList<>();
        long length = FIXED;
        for (String column : columns) {
            byte[] name = column.getBytes(StandardCharsets.UTF_8);
            names.add(name);
            length += Integer.BYTES + name.length;
        }
        length = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (length > LONGEST_HEAD) {
            throw new MalformedDataException("the names of " + columns.size()
                    + " columns take more than 64 MiB, which are too many for a rows file; shorten them");
        }
        ByteBuffer head = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(MAGIC).putInt(VERSION).putInt((int) length).putLong(rows).putInt(columns.size());
        head.putInt(precision.code).putInt(0).putInt(0);
        for (byte[] name : names) {
            head.putInt(name.length).put(name);
        }
        return head.putInt(CHECKSUM, checksum(head)).clear();
    }

    private static int checksum(ByteBuffer head) {
        CRC32C checksum = new CRC32C();
        checksum.update(head.duplicate().clear());
        return (int) checksum.getValue();
    }

    /** Reads the head. */
    static MatrixLayout readHeader(HeaderBytes bytes) throws IOException {
        ByteBuffer fixed = bytes.next(FIXED, ByteOrder.LITTLE_ENDIAN);
        int version = fixed.getInt(8);
        if (version != VERSION) {
            throw bytes.fault(
                    "its version is " + Integer.toUnsignedString(version) + ", and this release reads version "
                            + VERSION,
                    "convert the data again");
        }
        int length = fixed.getInt(12);
        if (length < FIXED || length > LONGEST_HEAD) {
            throw damaged(bytes);
        }
        ByteBuffer names = bytes.next(length - FIXED, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer head = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(fixed.duplicate().clear()).put(names).clear();
        int checksum = head.getInt(CHECKSUM);
        head.putInt(CHECKSUM, 0);
        if (checksum(head) != checksum) {
            throw damaged(bytes);
        }
        int width = BinaryTable.requireSize(bytes, head.getLong(16), Integer.toUnsignedLong(head.getInt(24)));
        Precision precision =
                switch (head.getInt(28)) {
                    case 1 -> Precision.SINGLE;
                    case 2 -> Precision.DOUBLE;
                    default -> throw damaged(bytes);
                };
        return new MatrixLayout(
                names(bytes, head.position(FIXED), width),
                (int) head.getLong(16),
                precision.type,
                ByteOrder.LITTLE_ENDIAN,
                false,
                length);
    }

    private static List<String> names(HeaderBytes bytes, ByteBuffer head, int width) throws MalformedDataException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            int length = head.remaining() < Integer.BYTES ? -1 : head.getInt();
            if (length < 0 || length > head.remaining()) {
                throw damaged(bytes);
            }
            ByteBuffer name = head.slice(head.position(), length);
            head.position(head.position() + length);
            try {
                names.add(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
            } catch (CharacterCodingException e) {
                throw damaged(bytes);
            }
        }
        if (new HashSet<>(names).size() < width || names.stream().anyMatch(String::isBlank)) {
            throw damaged(bytes);
        }
        return names;
    }

    private static MalformedDataException damaged(HeaderBytes bytes) {
        return bytes.fault("its head is damaged", "convert the data again, or copy the file again");
    }
}
