package io.github.slicedscore.data;

import java.nio.file.Path;

/** What is asked of the rows of every table. */
final class TableRows {
    private static final System.Logger LOG = System.getLogger(CsvReader.class.getName());

    private TableRows() {}

    /** Throws if there are fewer rows than the options ask for; says so if some were left out. */
    static void requireEnough(Path path, CsvOptions options, long rows, long incomplete) throws MalformedDataException {
        if (rows < options.minimumRows()) {
            throw new MalformedDataException("%s has too few rows: %d%s; there must be at least %s"
                    .formatted(
                            path,
                            rows,
                            incomplete == 0 ? "" : " without missing values, of " + (rows + incomplete),
                            switch (options.minimumRows()) {
                                case 1 -> "one row";
                                case 2 -> "two rows";
                                default -> options.minimumRows() + " rows";
                            }));
        }
        if (incomplete > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: left out {1} of {2} rows, which have missing values",
                    path,
                    incomplete,
                    incomplete + rows);
        }
    }
}
