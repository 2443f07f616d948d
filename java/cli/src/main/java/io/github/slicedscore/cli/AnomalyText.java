package io.github.slicedscore.cli;

import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyScores;
import io.github.slicedscore.eval.ColumnScore;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.RankingQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code anomalies} prints: a table for people, JSON whose names are part of the interface, and CSV of all rows. */
final class AnomalyText {
    /** Columns of a row that are named. */
    private static final int NAMED = 3;

    private AnomalyText() {}

    static String table(AnomalyFindings findings, int top) {
        StringBuilder text = new StringBuilder();
        AnomalyReport report = findings.report();
        AnomalyScores scores = report.scores();
        line(text, "model  %s, %s", findings.model(), Descriptions.network(findings.architecture()));
        line(text, "rows   %d of %s, by their %s", scores.rows(), findings.file(), name(findings));
        if (report.quality().isPresent()) {
            RankingQuality quality = report.quality().get();
            line(
                    text,
                    "%nare the %d with %s the unusual ones? 1 is a ranking without a fault",
                    quality.positives(),
                    findings.labels());
            line(text, "  %-20s%10s%20s", "", "ROC AUC", "average precision");
            quality(text, name(findings), quality);
            if (report.mahalanobis() instanceof Finding.Known<RankingQuality> known) {
                quality(text, "Mahalanobis distance", known.value());
            } else {
                line(
                        text,
                        "  %-20s%10s  %s",
                        "Mahalanobis distance",
                        "none",
                        ((Finding.Missing<RankingQuality>) report.mahalanobis()).reason());
            }
        }
        String reference = findings.reference();
        line(
                text,
                "%nthe most unusual rows%s",
                reference == null ? "" : "; percentile: how many of 100 " + reference + " are more so");
        line(
                text,
                "  %8s%16s%12s%s  columns, and why",
                "line",
                findings.statisticColumn(),
                "percentile",
                findings.labels() == null ? "" : "   anomaly");
        int[] ranking = scores.ranking();
        for (int i = 0; i < Math.min(top, ranking.length); i++) {
            int row = ranking[i];
            List<String> columns = new ArrayList<>();
            for (ColumnScore column : named(scores, row)) {
                columns.add(String.format(
                        Locale.ROOT,
                        "%s too %s (%.1f)",
                        column.column(),
                        column.score() > 0 ? "low" : "high",
                        Math.abs(column.score())));
            }
            double percentile = report.percentiles()[row];
            line(
                    text,
                    "  %8d%16.3f%12s%s  %s",
                    findings.line(row),
                    scores.value(row),
                    Double.isNaN(percentile) ? "none" : String.format(Locale.ROOT, "%.1f", percentile),
                    label(findings, row, "%10s", "yes", "no"),
                    String.join(", ", columns));
        }
        return text.toString();
    }

    private static void quality(StringBuilder text, String name, RankingQuality quality) {
        line(text, "  %-20s%10.4f%20.4f", name, quality.auc(), quality.averagePrecision());
    }

    private static String name(AnomalyFindings findings) {
        return findings.statisticColumn().replace('_', ' ');
    }

    private static String label(AnomalyFindings findings, int row, String format, String yes, String no) {
        boolean[] anomalies = findings.anomalies();
        return anomalies == null ? "" : String.format(Locale.ROOT, format, anomalies[row] ? yes : no);
    }

    private static List<ColumnScore> named(AnomalyScores scores, int row) {
        List<ColumnScore> columns = scores.columns(row);
        return columns.subList(0, Math.min(NAMED, columns.size()));
    }

    static String json(AnomalyFindings findings, int top) {
        AnomalyReport report = findings.report();
        AnomalyScores scores = report.scores();
        int[] ranking = scores.ranking();
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(top, ranking.length); i++) {
            int row = ranking[i];
            boolean[] anomalies = findings.anomalies();
            rows.add(JsonText.map(
                    "line",
                    findings.line(row),
                    findings.statisticColumn(),
                    scores.value(row),
                    "percentile",
                    report.percentiles()[row],
                    "anomaly",
                    anomalies == null ? null : anomalies[row],
                    "columns",
                    scores.columns(row).stream()
                            .map(column -> JsonText.map("column", column.column(), "score", column.score()))
                            .toList()));
        }
        return JsonText.of(JsonText.map(
                "model",
                findings.model(),
                "network",
                Descriptions.network(findings.architecture()),
                "data",
                findings.file(),
                "train",
                findings.train(),
                "rows",
                scores.rows(),
                "statistic",
                scores.statistic().id(),
                "percentiles_among",
                findings.reference(),
                "labels",
                findings.labels() == null ? null : findings.labels().toString(),
                "quality",
                report.quality().map(AnomalyText::quality).orElse(null),
                "mahalanobis",
                findings.labels() == null ? null : mahalanobis(report.mahalanobis()),
                "most_unusual",
                rows));
    }

    private static Map<String, @Nullable Object> quality(RankingQuality quality) {
        return JsonText.map(
                "auc", quality.auc(),
                "average_precision", quality.averagePrecision(),
                "anomalies", quality.positives(),
                "others", quality.negatives());
    }

    private static Map<String, @Nullable Object> mahalanobis(Finding<RankingQuality> finding) {
        return finding instanceof Finding.Known<RankingQuality> known
                ? quality(known.value())
                : JsonText.map("missing", ((Finding.Missing<RankingQuality>) finding).reason());
    }

    /** All rows, the most unusual first. */
    static String csv(AnomalyFindings findings) {
        AnomalyScores scores = findings.report().scores();
        int named = Math.min(NAMED, scores.columns(0).size());
        List<String> names = new ArrayList<>(List.of("rank", "line", findings.statisticColumn(), "percentile"));
        if (findings.labels() != null) {
            names.add("anomaly");
        }
        for (int i = 1; i <= named; i++) {
            names.add("column_" + i);
            names.add("score_" + i);
        }
        StringBuilder text = new StringBuilder(CsvText.header(names));
        int rank = 0;
        for (int row : scores.ranking()) {
            double percentile = findings.report().percentiles()[row];
            text.append(++rank)
                    .append(',')
                    .append(findings.line(row))
                    .append(',')
                    .append(CsvText.single(scores.value(row)))
                    .append(',')
                    .append(Double.isNaN(percentile) ? "" : CsvText.single(percentile))
                    .append(label(findings, row, ",%s", "1", "0"));
            for (ColumnScore column : named(scores, row)) {
                text.append(',')
                        .append(CsvText.quoted(column.column()))
                        .append(',')
                        .append(CsvText.single(column.score()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, @Nullable Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
