package io.github.slicedscore.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads tables of numbers from files of any {@link DataFormat}, which is told by a file's first bytes, never by its name; gzip
 * may have packed each.
 *
 * <ul>
 * <li>CSV: numbers lie on the heap, 8 bytes each.
 * <li>NumPy ({@code .npy}), IDX and rows files: the file is mapped into memory, so that it may be larger than the heap, and must stay
 *     as it is while the dataset is used. Those that gzip packed lie on the heap, as large as they are unpacked.
 * </ul>
 *
 * <p>{@link CsvOptions} holds for all: which columns to keep, what to do with rows that lack a value (NaN in binary files), how many
 * rows there must be. Delimiter and header are CSV's alone.
 */
public final class DataReader {
    private DataReader() {}

    /**
     * Reads a file.
     *
     * @param path the file
     * @param options how
     * @param cost what it may cost, and who hears of it
     * @return its columns of numbers
     * @throws MalformedDataException if the file cannot be used; the message says why, where, and what to do
     * @throws IOException if reading fails
     */
    public static Dataset read(Path path, CsvOptions options, ReadOptions cost) throws IOException {
        DataFormat format = format(path);
        if (format == DataFormat.CSV) {
            return CsvReader.read(path, options, cost);
        }
        try (SourceFile source = SourceFile.open(path, cost.maxRatio())) {
            return BinaryTable.read(source, format, options, cost);
        } catch (OutOfMemoryError e) {
            throw MalformedDataException.tooLarge(path, e);
        }
    }

    /**
     * Names of the columns of a file, from its head alone.
     *
     * @param path the file
     * @param options how; what they keep and drop makes no difference here
     * @return the names in the file's order
     * @throws MalformedDataException if the file cannot be used; the message says why, where, and what to do
     * @throws IOException if reading fails
     */
    public static List<String> columns(Path path, CsvOptions options) throws IOException {
        DataFormat format = format(path);
        try (SourceFile source = SourceFile.open(path, ReadOptions.DEFAULT_MAX_RATIO)) {
            return format == DataFormat.CSV
                    ? CsvReader.columns(source, options)
                    : BinaryTable.layout(source, format).columns();
        }
    }

    /**
     * What a file is, unpacked.
     *
     * @param path the file
     * @return its format; what is none of the others is taken for CSV
     * @throws MalformedDataException if there is no file, or it is of another kind that is known
     * @throws IOException if reading fails
     */
    public static DataFormat format(Path path) throws IOException {
        try (SourceFile source = SourceFile.open(path, ReadOptions.DEFAULT_MAX_RATIO)) {
            byte[] head = source.content().readNBytes(DataFormat.HEAD);
            ForeignFormat.refuse(path, head);
            return DataFormat.of(head);
        }
    }
}
