package io.github.slicedscore.cli;

import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.HeldOutLoss;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.NormalizerEstimate;
import io.github.slicedscore.eval.TestResult;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What {@code evaluate} prints for people. */
final class EvaluationTable {
    /** Below it the rows do not look like the model's. */
    static final double SIGNIFICANT = 0.05;

    private final StringBuilder text = new StringBuilder();

    private final Colors colors;

    private EvaluationTable(Colors colors) {
        this.colors = colors;
    }

    static String of(Evaluation evaluation, Colors colors) {
        EvaluationTable table = new EvaluationTable(colors);
        table.head(evaluation);
        table.losses(evaluation.report());
        table.likelihoods(evaluation);
        table.tests(evaluation.report());
        return table.text.toString();
    }

    private void head(Evaluation evaluation) {
        line("model  %s, %s", evaluation.model(), Descriptions.network(evaluation.architecture()));
        line("rows   %d of %s", evaluation.report().rows(), evaluation.test());
        evaluation.remarks().forEach(remark -> line("%s   %s", colors.warning("note"), remark));
    }

    private void losses(ModelReport report) {
        heading("held-out loss, in standardised units; lower is better");
        for (HeldOutLoss loss : report.losses()) {
            figure(loss.objective(), loss.mean(), error(loss.standardError()));
        }
    }

    private void likelihoods(Evaluation evaluation) {
        ModelReport report = evaluation.report();
        heading("log-likelihood, in nats a row and the units of the data; higher is better");
        entry("importance sampling", report.importance(), found -> likelihood("importance sampling", found));
        if (evaluation.showsAnnealed()) {
            entry("annealed sampling", report.annealed(), found -> likelihood("annealed sampling", found));
        }
        if (evaluation.showsFlow()) {
            entry("probability flow", evaluation.flow(), found -> flow("probability flow", found));
        }
        text.append(
                evaluation.train() == null
                        ? "  to be beaten, fitted to each half of the rows for the other:\n"
                        : "  to be beaten, fitted to " + evaluation.train() + ":\n");
        report.baselines()
                .forEach((name, baseline) -> entry(
                        name,
                        baseline,
                        found -> figure(
                                name, found.mean(), error(found.standardError()) + "   " + found.description())));
    }

    private void likelihood(String name, LogLikelihood found) {
        if (found.normalizers().isEmpty()) {
            figure("exact", found.mean(), error(found.samplingError()));
            return;
        }
        NormalizerEstimate worst = found.normalizers().stream()
                .reduce((a, b) -> a.effectiveSampleSize() < b.effectiveSampleSize() ? a : b)
                .orElseThrow();
        figure(
                name,
                found.mean(),
                errors(found.samplingError(), found.normalizerError(), "normaliser")
                        + String.format(
                                Locale.ROOT,
                                "   weights worth %.0f of %d samples",
                                worst.effectiveSampleSize(),
                                worst.samples()));
        warnings(found.warnings());
    }

    private void flow(String name, FlowLogLikelihood found) {
        figure(
                name,
                found.mean(),
                errors(found.samplingError(), found.divergenceError(), "trace") + "   " + found.rows() + " rows");
        warnings(found.warnings());
    }

    private void tests(ModelReport report) {
        heading("do the rows come from the model? a small p speaks against it");
        entry("Stein", report.stein(), found -> test("Stein", "KSD^2", found));
        entry("MMD", report.discrepancy(), found -> test("MMD", "MMD^2", found));
        entry("classifier", report.classifier(), found -> test("classifier", "right", found));
        warnings(report.sampleWarnings());
    }

    private void test(String name, String statistic, TestResult found) {
        line(
                "  %-20s%12s   p %s   %s of %d rows%s",
                name,
                number(found.statistic(), 5),
                pValue(found.pValue()),
                statistic,
                found.rows(),
                found.pValue() < SIGNIFICANT ? "; they do not look like the model's" : "");
    }

    static String pValue(double value) {
        return value < 0.0005 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    private <T> void entry(String name, Finding<T> finding, Consumer<T> known) {
        if (finding instanceof Finding.Known<T> result) {
            known.accept(result.value());
        } else {
            line("  %-20s%12s  %s", name, "none", ((Finding.Missing<T>) finding).reason());
        }
    }

    private void heading(String words) {
        text.append('\n').append(colors.heading(words)).append('\n');
    }

    private void figure(String name, double value, String rest) {
        line("  %-20s%12s %s", name, number(value, 4), rest);
    }

    private static String errors(double rows, double other, String otherName) {
        return error(rows) + " by the rows" + (other > 0 ? ", " + error(other) + " by the " + otherName : "");
    }

    private static String error(double value) {
        return Double.isNaN(value) ? "" : "+- " + number(value, 4);
    }

    /** Digits that nobody counts are not printed. */
    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + (Math.abs(value) < 1e7 ? "f" : "e"), value);
    }

    private void warnings(List<String> warnings) {
        warnings.forEach(warning -> line("    %s %s", colors.warning("warning:"), warning));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
