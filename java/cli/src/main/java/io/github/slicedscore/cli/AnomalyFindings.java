package io.github.slicedscore.cli;

import io.github.slicedscore.data.TextTable;
import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyStatistic;
import io.github.slicedscore.model.Architecture;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code anomalies} found.
 *
 * @param model the model's file
 * @param architecture its network
 * @param file the table's
 * @param text the table
 * @param rows which of its rows were looked at, in the order of the report
 * @param train the file of usual rows, or null
 * @param labels what says which rows are anomalies, or null
 * @param anomalies which are, in the order of the report, or null
 * @param report the figures
 */
record AnomalyFindings(
        Path model,
        Architecture architecture,
        Path file,
        TextTable text,
        int[] rows,
        @Nullable Path train,
        @Nullable Labels labels,
        boolean @Nullable [] anomalies,
        AnomalyReport report) {
    /** Line of the file of a row of the report. */
    long line(int row) {
        return text.line(rows[row]);
    }

    /** What percentiles are among, or null. */
    @Nullable
    String reference() {
        return switch (report.reference()) {
            case HELD_OUT -> "rows held out in training";
            case FITTING -> "rows of " + train;
            case NONE -> null;
        };
    }

    /** The statistic's name as that of a column. */
    String statisticColumn() {
        return columnOf(report.scores().statistic());
    }

    private static String columnOf(AnomalyStatistic statistic) {
        return switch (statistic) {
            case LOG_DENSITY -> "log_density";
            case FLOW -> "log_likelihood";
            case SCORE_NORM -> "score_norm";
        };
    }
}
