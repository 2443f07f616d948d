package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.eval.ColumnComparison;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Test rows beside samples of the model, in a page. */
final class HtmlSamples {
    /** Of more columns those that differ most are listed. */
    private static final int MOST_LISTED = 40;

    private HtmlSamples() {}

    static void write(Html html, Report report) {
        HtmlParts.known(html, "Samples", report.samples()).ifPresent(samples -> {
            corner(html, report, samples);
            HtmlParts.known(html, "Columns", report.columns()).ifPresent(columns -> table(html, columns));
        });
    }

    private static void corner(Html html, Report report, Dataset samples) {
        List<String> names = report.pictured().columns().stream()
                .map(report.model().columns()::get)
                .toList();
        Map<String, String> legend = new LinkedHashMap<>();
        legend.put("area data", "test rows, " + report.test().rows());
        legend.put("curve samples", "samples of the model, " + samples.rows());
        html.open("figure");
        HtmlParts.legend(html, legend);
        SvgCorner.draw(html, report.test().select(names), samples.select(names));
        int all = report.model().columns().size();
        html.leaf(
                        "figcaption",
                        "Each column, and each pair of columns, of test rows and of samples; rows and samples drawn are the"
                                + " first ones. Outliers lie beyond the edges."
                                + (names.size() < all ? " " + names.size() + " of " + all + " columns are shown." : ""))
                .close();
    }

    private static void table(Html html, List<ColumnComparison> columns) {
        List<ColumnComparison> listed = columns.stream()
                .sorted(Comparator.comparingDouble(column -> -column.test().statistic()))
                .limit(MOST_LISTED)
                .toList();
        HtmlTable table = HtmlTable.begin(
                html,
                "columns",
                "Columns of test rows and samples, those that differ most first"
                        + (listed.size() < columns.size()
                                ? "; the first " + listed.size() + " of " + columns.size()
                                : ""),
                List.of(
                        "column",
                        "#mean of rows",
                        "#mean of samples",
                        "#deviation of rows",
                        "#deviation of samples",
                        "#largest difference of their distributions",
                        "#p"));
        for (ColumnComparison column : listed) {
            table.row(column.column())
                    .number(Figures.of(column.firstMean()))
                    .number(Figures.of(column.secondMean()))
                    .number(Figures.of(column.firstDeviation()))
                    .number(Figures.of(column.secondDeviation()))
                    .number(Figures.of(column.test().statistic()))
                    .number(EvaluationTable.pValue(column.test().pValue()))
                    .endRow();
        }
        table.end();
    }
}
