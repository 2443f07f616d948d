package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyScores;
import io.github.slicedscore.eval.ColumnScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The most unusual rows, in a page. */
final class HtmlAnomalies {
    /** Rows of more columns are shown by those that speak against them alone. */
    private static final int MOST_VALUES = 16;

    /** Columns of a row that are named. */
    private static final int NAMED = 3;

    private HtmlAnomalies() {}

    static void write(Html html, Report report) {
        HtmlParts.known(html, "Ranking", report.anomalies()).ifPresent(found -> {
            table(html, report, found);
            HtmlParts.note(
                    html,
                    "The number after a column is the derivative of the log-density by it, in units of the column's"
                            + " deviation: how much the row would gain, to first order, by a value that is less high or less"
                            + " low. The values of the columns named are marked.");
        });
    }

    private static void table(Html html, Report report, AnomalyReport found) {
        AnomalyScores scores = found.scores();
        Dataset test = report.test();
        boolean values = test.columns().size() <= MOST_VALUES;
        List<String> headers = new ArrayList<>(
                List.of("rank", "#line", "#" + statistic(found), "#percentile", "columns that speak against it"));
        if (values) {
            test.columns().forEach(column -> headers.add("#" + column));
        }
        int[] ranking = scores.ranking();
        int shown = Math.min(report.top(), ranking.length);
        HtmlTable table = HtmlTable.begin(
                html,
                "rows",
                "The " + shown + " most unusual of " + ranking.length + " test rows by their " + statistic(found)
                        + among(report, found),
                headers);
        for (int rank = 0; rank < shown; rank++) {
            int row = ranking[rank];
            List<ColumnScore> named = scores.columns(row);
            named = named.subList(0, Math.min(NAMED, named.size()));
            table.row(Integer.toString(rank + 1))
                    .number(Long.toString(report.lines()[row]))
                    .number(Figures.of(scores.value(row)))
                    .number(Figures.of(found.percentiles()[row]))
                    .prose(why(named));
            if (values) {
                values(table, test, row, named);
            }
            table.endRow();
        }
        table.end();
    }

    private static void values(HtmlTable table, Dataset test, int row, List<ColumnScore> named) {
        for (int column = 0; column < test.columns().size(); column++) {
            String name = test.columns().get(column);
            String value = Figures.value(test.value(row, column));
            if (named.stream().anyMatch(candidate -> candidate.column().equals(name))) {
                table.marked(value);
            } else {
                table.number(value);
            }
        }
    }

    private static String why(List<ColumnScore> named) {
        return named.stream()
                .map(column -> String.format(
                        Locale.ROOT,
                        "%s too %s (%.1f)",
                        column.column(),
                        column.score() > 0 ? "low" : "high",
                        Math.abs(column.score())))
                .collect(Collectors.joining(", "));
    }

    private static String statistic(AnomalyReport found) {
        return switch (found.scores().statistic()) {
            case LOG_DENSITY -> "log-density";
            case FLOW -> "log-likelihood";
            case PATH -> "log-density along the path from the mean";
            case SCORE_NORM -> "score's norm";
        };
    }

    private static String among(Report report, AnomalyReport found) {
        return switch (found.reference()) {
            case HELD_OUT -> "; percentiles are among the rows held out in training";
            case FITTING ->
                "; percentiles are among the rows of " + report.evaluation().train();
            case NONE -> "";
        };
    }
}
