package io.github.slicedscore.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reads tables whose numbers lie in a file as a matrix. A file is mapped into memory, unless gzip packed it. */
final class BinaryTable {
    /** Columns that a file may have, which each need a name. */
    private static final int MOST_COLUMNS = 1 << 20;

    /** Rows between two calls of a listener, to a block more or less. */
    private static final int PROGRESS_ROWS = 1 << 16;

    private BinaryTable() {}

    /**
     * Checks a size that a head gives.
     *
     * @return the number of columns
     */
    static int requireSize(HeaderBytes bytes, long rows, long columns) throws MalformedDataException {
        if (rows < 1 || columns < 1) {
            throw bytes.fault("it holds " + rows + " rows of " + columns + " numbers", "save one that is not empty");
        }
        if (columns > MOST_COLUMNS) {
            throw bytes.fault(
                    "it has " + columns + " columns, and at most " + MOST_COLUMNS + " are read", "save fewer of them");
        }
        if (rows > Integer.MAX_VALUE) {
            throw bytes.fault("it has " + rows + " rows, and at most 2^31 - 1 are read", "split it");
        }
        return (int) columns;
    }

    /** Names c1, c2, ... as those of a CSV file without a header. */
    static List<String> numbered(int columns) {
        return named(columns, i -> "c" + (i + 1));
    }

    /** Names that are made when they are asked for: a head of a few bytes can announce a million, of which none is there. */
    static List<String> named(int columns, IntFunction<String> names) {
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                return names.apply(Objects.checkIndex(index, columns));
            }

            @Override
            public int size() {
                return columns;
            }
        };
    }

    /** The head of a file, from its first byte. */
    static MatrixLayout layout(SourceFile source, DataFormat format) throws IOException {
        HeaderBytes bytes = new HeaderBytes(source.path(), format.label(), source.content());
        MatrixLayout layout =
                switch (format) {
                    case NPY -> NpyHeader.read(bytes);
                    case IDX -> IdxHeader.read(bytes);
                    case ROWS -> RowsFile.readHeader(bytes);
                    case CSV -> throw new IllegalArgumentException("a CSV file has no binary head");
                };
        if (!source.isPacked() && source.size() != layout.end()) {
            throw bytes.fault(
                    "it has %d bytes, but a head of %d and %d rows of %d numbers take %d"
                            .formatted(
                                    source.size(),
                                    layout.offset(),
                                    layout.rows(),
                                    layout.columns().size(),
                                    layout.end()),
                    "copy it again");
        }
        return layout;
    }

    /** Reads a table. */
    static Dataset read(SourceFile source, DataFormat format, CsvOptions options, ReadOptions cost) throws IOException {
        Path path = source.path();
        MatrixLayout layout = layout(source, format);
        // First of all: before there are numbers, the names of columns take nothing.
        Values values = source.isPacked() ? unpack(source, format, layout) : PackedValues.map(path, layout);
        int[] kept = ColumnChoice.kept(path, options, layout.columns());
        List<String> names = Arrays.stream(kept).mapToObj(layout.columns()::get).toList();
        if (!names.equals(layout.columns())) {
            values = new ColumnView(values, kept);
        }
        RowSet incomplete = RowSet.of();
        if (layout.type().isFloating()) {
            incomplete = new FiniteCheck(path, options, names, values).incomplete(cost.progress(), layout.end());
        }
        if (incomplete.size() > 0) {
            values = new RowView(values, RowSet.allBut(values.rows(), incomplete.toArray()));
        }
        TableRows.requireEnough(path, options, values.rows(), incomplete.size());
        return Dataset.of(names, values);
    }

    private static Values unpack(SourceFile source, DataFormat format, MatrixLayout layout) throws IOException {
        @Nullable PackedValues values = PackedValues.read(source.content(), layout);
        if (values == null || source.content().read() >= 0) {
            throw new HeaderBytes(source.path(), format.label(), source.content())
                    .fault(
                            "unpacked, it is %s than the %d bytes that its head says"
                                    .formatted(values == null ? "shorter" : "longer", layout.end()),
                            "save and pack it again");
        }
        return values;
    }

    /** Looks for numbers that are not finite. */
    private record FiniteCheck(Path path, CsvOptions options, List<String> names, Values values) {
        /** Rows that lack a value, which is NaN. */
        RowSet incomplete(ReadProgress progress, long bytes) throws MalformedDataException {
            int[] found = {};
            int count = 0;
            int firstColumn = -1;
            for (RowBlocks blocks = RowBlocks.all(values); blocks.next(); ) {
                int end = blocks.first() + blocks.rows();
                for (int row = blocks.areFinite() ? end : blocks.first(); row < end; row++) {
                    int missing = missing(row);
                    if (missing >= 0) {
                        found = count == found.length ? Arrays.copyOf(found, Math.max(64, 2 * count)) : found;
                        firstColumn = count == 0 ? missing : firstColumn;
                        found[count++] = row;
                    }
                }
                if (end / PROGRESS_ROWS > blocks.first() / PROGRESS_ROWS) {
                    progress.read((long) ((double) bytes * end / values.rows()), bytes, end);
                }
            }
            if (count > 0 && options.missing() == MissingValues.ERROR) {
                throw new MalformedDataException(
                        "%s, row %d (counted from 0): column '%s' is NaN; %d of %d rows have such values; leave them out with --missing drop%s"
                                .formatted(
                                        path,
                                        found[0],
                                        names.get(firstColumn),
                                        count,
                                        values.rows(),
                                        orWithout(", or the column with ", firstColumn)));
            }
            return RowSet.of(Arrays.copyOf(found, count));
        }

        /** A column of the row that is NaN, or -1. */
        private int missing(int row) throws MalformedDataException {
            int missing = -1;
            for (int column = 0; column < names.size(); column++) {
                double value = values.get(row, column);
                if (Double.isNaN(value)) {
                    missing = missing < 0 ? column : missing;
                } else if (Double.isInfinite(value)) {
                    throw new MalformedDataException(
                            "%s, row %d (counted from 0): %s in column '%s' is not a finite number; correct it%s"
                                    .formatted(
                                            path,
                                            row,
                                            value,
                                            names.get(column),
                                            orWithout(", or leave the column out with ", column)));
                }
            }
            return missing;
        }

        private String orWithout(String words, int column) {
            return options.columns().isEmpty() ? words + DropOption.of(List.of(names.get(column))) : "";
        }
    }
}
