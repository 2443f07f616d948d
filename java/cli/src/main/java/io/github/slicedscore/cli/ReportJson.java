package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.eval.AnomalyReport;
import io.github.slicedscore.eval.AnomalyScores;
import io.github.slicedscore.eval.ColumnComparison;
import io.github.slicedscore.eval.ColumnScore;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.TestResult;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.train.TrainingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code report --json} prints; the names are part of the interface. An entry without a result has {@code missing}. */
final class ReportJson {
    private ReportJson() {}

    static String of(Report report) {
        return JsonText.of(map(
                "verdicts", list(report.verdicts(), ReportJson::verdict),
                "model", model(report),
                "training", entry(report.history(), points -> list(points, ReportJson::point)),
                "evaluation", EvaluationJson.facts(report.evaluation()),
                "log_densities", entry(report.logDensities(), ReportJson::logDensities),
                "calibration",
                        map(
                                "among_held_out", entry(report.amongHeldOut(), ReportJson::calibration),
                                "among_samples", entry(report.amongSamples(), ReportJson::calibration)),
                "columns", entry(report.columns(), columns -> list(columns, ReportJson::column)),
                "anomalies", entry(report.anomalies(), found -> anomalies(report, found))));
    }

    private static Map<String, @Nullable Object> verdict(Verdict verdict) {
        return map("tone", verdict.tone().name().toLowerCase(Locale.ROOT), "text", verdict.text());
    }

    private static Map<String, @Nullable Object> model(Report report) {
        Provenance origin = report.model().provenance();
        Map<String, @Nullable Object> facts = map(
                "file", report.evaluation().model(),
                "network", Descriptions.network(report.model().architecture()),
                "gives", Descriptions.gives(report.model().architecture()),
                "objective",
                        Descriptions.objective(origin.settings(), report.model().architecture()),
                "parameters", report.model().parameters().layout().size(),
                "columns", report.model().columns(),
                "conditions", report.model().conditions());
        facts.putAll(OriginJson.facts(origin));
        facts.put("held_out_rows", report.model().validationLogDensities().length);
        facts.put("settings", OriginJson.settings(origin));
        return facts;
    }

    private static Map<String, @Nullable Object> point(TrainingPoint point) {
        return map(
                "step", point.step(),
                "loss", point.loss(),
                "validation_loss", point.validationLoss(),
                "gradient_norm", point.gradientNorm(),
                "learning_rate", point.learningRate());
    }

    private static Map<String, @Nullable Object> logDensities(LogDensities found) {
        return map(
                "held_out", quantiles(found.heldOut()),
                "test", quantiles(found.test()),
                "samples", quantiles(found.samples()));
    }

    /** The values at 0, 1, ... 100 percent of the way through ascending ones. */
    private static Map<String, @Nullable Object> quantiles(double[] sorted) {
        List<Double> quantiles = new ArrayList<>();
        for (int percent = 0; percent <= 100 && sorted.length > 0; percent++) {
            quantiles.add(sorted[(int) Math.round(percent / 100.0 * (sorted.length - 1))]);
        }
        return map("rows", sorted.length, "quantiles", quantiles);
    }

    private static Map<String, @Nullable Object> calibration(Calibration found) {
        return map(
                "references", found.references(),
                "rows", found.rows(),
                "distance", found.test().statistic(),
                "p_value", found.test().pValue(),
                "shares", Arrays.stream(found.shares()).boxed().toList());
    }

    private static Map<String, @Nullable Object> column(ColumnComparison column) {
        TestResult test = column.test();
        return map(
                "column", column.column(),
                "test_mean", column.firstMean(),
                "samples_mean", column.secondMean(),
                "test_deviation", column.firstDeviation(),
                "samples_deviation", column.secondDeviation(),
                "distance", test.statistic(),
                "p_value", test.pValue());
    }

    private static Map<String, @Nullable Object> anomalies(Report report, AnomalyReport found) {
        AnomalyScores scores = found.scores();
        List<Object> rows = new ArrayList<>();
        int[] ranking = scores.ranking();
        for (int rank = 0; rank < Math.min(report.top(), ranking.length); rank++) {
            int row = ranking[rank];
            double[] values = new double[report.test().columns().size()];
            report.test().copyRow(row, values, 0);
            rows.add(map(
                    "line", report.lines()[row],
                    "value", scores.value(row),
                    "percentile", found.percentiles()[row],
                    "columns", list(scores.columns(row), ReportJson::columnScore),
                    "row", Arrays.stream(values).boxed().toList()));
        }
        return map(
                "statistic", scores.statistic().id(),
                "percentiles_among", found.reference().name().toLowerCase(Locale.ROOT),
                "row_columns", report.test().columns(),
                "most_unusual", rows);
    }

    private static Map<String, @Nullable Object> columnScore(ColumnScore column) {
        return map("column", column.column(), "score", column.score());
    }

    private static <T> List<Map<String, @Nullable Object>> list(
            List<T> items, Function<T, Map<String, @Nullable Object>> one) {
        return items.stream().map(one).toList();
    }

    private static <T> Object entry(Finding<T> finding, Function<T, Object> known) {
        return finding instanceof Finding.Known<T> result
                ? known.apply(result.value())
                : map("missing", ((Finding.Missing<T>) finding).reason());
    }
}
