package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Verdict.Tone;
import io.github.slicedscore.eval.BaselineLikelihood;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.TestResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures of a report say, in plain words. */
final class Verdicts {
    private final List<Verdict> verdicts = new ArrayList<>();

    private Verdicts() {}

    static List<Verdict> of(
            Evaluation evaluation, Finding<Calibration> amongHeldOut, Finding<Calibration> amongSamples) {
        Verdicts found = new Verdicts();
        evaluation.remarks().forEach(remark -> found.add(Tone.CAUTION, remark));
        found.likelihood(evaluation);
        found.tests(evaluation.report());
        found.calibration(amongHeldOut, amongSamples);
        return List.copyOf(found.verdicts);
    }

    private void add(Tone tone, String format, Object... values) {
        verdicts.add(new Verdict(tone, values.length == 0 ? format : String.format(Locale.ROOT, format, values)));
    }

    /** The model's likelihood beside those of the simple models. */
    private void likelihood(Evaluation evaluation) {
        Optional<Estimate> model = likelihoodOf(evaluation);
        List<BaselineLikelihood> baselines = evaluation.report().baselines().values().stream()
                .flatMap(Verdicts::known)
                .sorted(Comparator.comparingDouble(baseline -> -baseline.mean()))
                .toList();
        if (model.isEmpty() || baselines.isEmpty()) {
            return;
        }
        double mean = model.get().mean();
        List<BaselineLikelihood> better =
                baselines.stream().filter(baseline -> baseline.mean() >= mean).toList();
        if (better.isEmpty()) {
            BaselineLikelihood best = baselines.get(0);
            add(
                    Tone.GOOD,
                    "the test rows are likelier under the model than under every simple one: by %.2f nats a row than under"
                            + " the best of them, %s",
                    mean - best.mean(),
                    words(best));
        } else {
            add(
                    better.size() == baselines.size() ? Tone.BAD : Tone.CAUTION,
                    "the test rows are likelier under %s than under the model: by %.2f nats a row under the best",
                    better.stream().map(Verdicts::words).collect(Collectors.joining(" and ")),
                    better.get(0).mean() - mean);
        }
        if (!model.get().warnings().isEmpty()) {
            add(
                    Tone.CAUTION,
                    "the model's likelihood is not to be trusted: %s",
                    model.get().warnings().get(0));
        }
    }

    private static String words(BaselineLikelihood baseline) {
        return switch (baseline.baseline()) {
            case "gaussian" -> "a Gaussian";
            case "mixture" -> "a mixture of Gaussians";
            case "kernel-density" -> "a kernel density";
            default -> baseline.baseline();
        };
    }

    private record Estimate(double mean, double error, List<String> warnings) {}

    /** The estimate of the smallest error. */
    private static Optional<Estimate> likelihoodOf(Evaluation evaluation) {
        Stream<Estimate> byNormaliser = Stream.of(
                        evaluation.report().importance(), evaluation.report().annealed())
                .flatMap(Verdicts::known)
                .map((LogLikelihood found) -> new Estimate(found.mean(), found.normalizerError(), found.warnings()));
        Stream<Estimate> byFlow = known(evaluation.flow())
                .map(found -> new Estimate(found.mean(), found.divergenceError(), found.warnings()));
        return Stream.concat(byFlow, byNormaliser)
                .min(Comparator.comparing(
                                (Estimate estimate) -> !estimate.warnings().isEmpty())
                        .thenComparingDouble(Estimate::error));
    }

    private void tests(ModelReport report) {
        test("the Stein test", report.stein());
        test("the maximum mean discrepancy", report.discrepancy());
        known(report.classifier()).forEach(found -> {
            String right = String.format(
                    Locale.ROOT,
                    "a nearest-neighbour classifier tells test rows from samples in %.1f %% of all cases, where guessing"
                            + " gets 50 %%",
                    100 * found.statistic());
            verdict(right, found);
        });
        report.sampleWarnings().forEach(warning -> add(Tone.CAUTION, warning));
    }

    private void test(String name, Finding<TestResult> test) {
        known(test)
                .forEach(found -> verdict(
                        name
                                + (found.pValue() < EvaluationTable.SIGNIFICANT
                                        ? " tells the test rows from the model's"
                                        : " does not tell the test rows from the model's"),
                        found));
    }

    private void verdict(String words, TestResult found) {
        add(
                found.pValue() < EvaluationTable.SIGNIFICANT ? Tone.CAUTION : Tone.GOOD,
                "%s (p %s)",
                words,
                EvaluationTable.pValue(found.pValue()));
    }

    private void calibration(Finding<Calibration> amongHeldOut, Finding<Calibration> amongSamples) {
        known(amongHeldOut).forEach(found -> {
            if (found.test().pValue() < EvaluationTable.SIGNIFICANT) {
                add(
                        Tone.CAUTION,
                        "percentiles are off: the test rows are not distributed as the rows that training held out (p %s), so"
                                + " they come from elsewhere, or from another time",
                        EvaluationTable.pValue(found.test().pValue()));
            } else {
                add(
                        Tone.GOOD,
                        "percentiles can be taken at their word: those of the test rows among the held-out ones are spread"
                                + " evenly (p %s)",
                        EvaluationTable.pValue(found.test().pValue()));
            }
        });
        known(amongSamples).forEach(found -> {
            boolean differ = found.test().pValue() < EvaluationTable.SIGNIFICANT;
            add(
                    differ ? Tone.CAUTION : Tone.GOOD,
                    differ
                            ? "the log-densities of test rows and of samples differ (p %s): %s"
                            : "the log-densities of test rows and of samples are alike (p %s)",
                    EvaluationTable.pValue(found.test().pValue()),
                    found.shares()[50] > 0.5
                            ? "the test rows are in less probable places than the samples"
                            : "the samples are in less probable places than the test rows");
        });
    }

    private static <T> Stream<T> known(Finding<T> finding) {
        return finding instanceof Finding.Known<T> result ? Stream.of(result.value()) : Stream.empty();
    }
}
