package io.github.slicedscore.cli;

import io.github.slicedscore.eval.BaselineLikelihood;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.HeldOutLoss;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.NormalizerEstimate;
import io.github.slicedscore.eval.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of an evaluation as tables of a page. */
final class HtmlEvaluation {
    private final Html html;
    private final Evaluation evaluation;

    private HtmlEvaluation(Html html, Evaluation evaluation) {
        this.html = html;
        this.evaluation = evaluation;
    }

    static void write(Html html, Report report) {
        HtmlEvaluation section = new HtmlEvaluation(html, report.evaluation());
        section.losses();
        section.likelihoods();
        section.tests();
    }

    private void losses() {
        html.leaf("h3", "Held-out loss");
        HtmlTable table = HtmlTable.begin(
                html,
                "figures-table",
                "Mean score-matching losses of the test rows in standardised units; lower is better",
                List.of("loss", "#mean and standard error", "#rows"));
        for (HeldOutLoss loss : evaluation.report().losses()) {
            table.row(loss.objective())
                    .number(Figures.withError(loss.mean(), loss.standardError()))
                    .number(Integer.toString(loss.rows()))
                    .endRow();
        }
        table.end();
    }

    private void likelihoods() {
        html.leaf("h3", "Log-likelihood");
        ModelReport report = evaluation.report();
        HtmlTable table = HtmlTable.begin(
                html,
                "figures-table",
                "Mean log-likelihood of the test rows in nats a row and the units of the data; higher is better",
                List.of("by", "#mean and standard error", "remarks"));
        likelihood(table, "the model, importance sampling", report.importance());
        if (evaluation.showsAnnealed()) {
            likelihood(table, "the model, annealed sampling", report.annealed());
        }
        if (evaluation.showsFlow()) {
            flow(table);
        }
        report.baselines().forEach((name, baseline) -> {
            if (baseline instanceof Finding.Known<BaselineLikelihood> known) {
                BaselineLikelihood found = known.value();
                table.row(name)
                        .number(Figures.withError(found.mean(), found.standardError()))
                        .text(found.description())
                        .endRow();
            } else {
                missing(table, name, baseline);
            }
        });
        table.end();
        html.leaf(
                "p",
                "The simple models, which a model should beat, were fitted to "
                        + (evaluation.train() == null
                                ? "each half of the test rows for the other half."
                                : evaluation.train() + "."),
                "class",
                "note");
    }

    private void likelihood(HtmlTable table, String name, Finding<LogLikelihood> finding) {
        if (!(finding instanceof Finding.Known<LogLikelihood> known)) {
            missing(table, name, finding);
            return;
        }
        LogLikelihood found = known.value();
        if (found.normalizers().isEmpty()) {
            table.row("the model")
                    .number(Figures.withError(found.mean(), found.standardError()))
                    .text("exact: its density is normalised")
                    .endRow();
            return;
        }
        NormalizerEstimate worst = found.normalizers().stream()
                .reduce((a, b) -> a.effectiveSampleSize() < b.effectiveSampleSize() ? a : b)
                .orElseThrow();
        List<String> remarks = new ArrayList<>();
        remarks.add(String.format(
                Locale.ROOT,
                "of the error %.4f by the normaliser, whose weights are worth %.0f of %d samples",
                found.normalizerError(),
                worst.effectiveSampleSize(),
                worst.samples()));
        found.warnings().forEach(warning -> remarks.add("warning: " + warning));
        table.row(name)
                .number(Figures.withError(found.mean(), found.standardError()))
                .text(String.join("; ", remarks))
                .endRow();
    }

    private void flow(HtmlTable table) {
        String name = "the model, probability flow";
        if (!(evaluation.flow() instanceof Finding.Known<FlowLogLikelihood> known)) {
            missing(table, name, evaluation.flow());
            return;
        }
        FlowLogLikelihood found = known.value();
        List<String> remarks = new ArrayList<>();
        remarks.add(found.rows() + " rows");
        found.warnings().forEach(warning -> remarks.add("warning: " + warning));
        table.row(name)
                .number(Figures.withError(found.mean(), Math.hypot(found.samplingError(), found.divergenceError())))
                .text(String.join("; ", remarks))
                .endRow();
    }

    private void tests() {
        html.leaf("h3", "Do the rows come from the model?");
        ModelReport report = evaluation.report();
        HtmlTable table = HtmlTable.begin(
                html,
                "figures-table",
                "Tests of whether the test rows come from the model; a small p speaks against it",
                List.of("test", "#p", "#statistic", "#rows", "in words"));
        test(table, "kernel Stein", "squared discrepancy", report.stein());
        test(table, "maximum mean discrepancy", "squared discrepancy", report.discrepancy());
        test(table, "classifier", "part it got right", report.classifier());
        table.end();
        report.sampleWarnings().forEach(warning -> html.leaf("p", "warning: " + warning, "class", "warning"));
        html.leaf(
                "p",
                "With enough rows every model's p is small; the statistics say how far the two are apart.",
                "class",
                "note");
    }

    private void test(HtmlTable table, String name, String statistic, Finding<TestResult> finding) {
        if (finding instanceof Finding.Known<TestResult> known) {
            TestResult found = known.value();
            boolean differ = found.pValue() < EvaluationTable.SIGNIFICANT;
            table.row(name)
                    .number(EvaluationTable.pValue(found.pValue()))
                    .number(Figures.of(found.statistic()))
                    .number(Integer.toString(found.rows()))
                    .text((differ ? "the rows do not look like the model's" : "nothing speaks against the model")
                            + " (statistic: " + statistic + ")")
                    .endRow();
        } else {
            table.row(name)
                    .number("none")
                    .number("none")
                    .number("none")
                    .text(((Finding.Missing<TestResult>) finding).reason())
                    .endRow();
        }
    }

    private static <T> void missing(HtmlTable table, String name, Finding<T> finding) {
        table.row(name)
                .number("none")
                .text(((Finding.Missing<T>) finding).reason())
                .endRow();
    }
}
