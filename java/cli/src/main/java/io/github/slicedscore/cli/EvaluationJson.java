package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.eval.BaselineLikelihood;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.HeldOutLoss;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.NormalizerEstimate;
import io.github.slicedscore.eval.TestResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code evaluate --json} prints; the names are part of the interface. An entry without a result has {@code missing}. */
final class EvaluationJson {
    private EvaluationJson() {}

    static String of(Evaluation evaluation) {
        return JsonText.of(facts(evaluation));
    }

    static Map<String, @Nullable Object> facts(Evaluation evaluation) {
        ModelReport report = evaluation.report();
        return map(
                "model", evaluation.model(),
                "network", Descriptions.network(evaluation.architecture()),
                "test", evaluation.test(),
                "train", evaluation.train(),
                "seed", evaluation.seed(),
                "rows", report.rows(),
                "remarks", evaluation.remarks(),
                "sample_warnings", report.sampleWarnings(),
                "losses", named(report.losses(), HeldOutLoss::objective, EvaluationJson::loss),
                "log_likelihood",
                        map(
                                "importance", entry(report.importance(), EvaluationJson::likelihood),
                                "annealed", entry(report.annealed(), EvaluationJson::likelihood),
                                "flow", entry(evaluation.flow(), EvaluationJson::flow)),
                "baselines",
                        report.baselines().entrySet().stream()
                                .map(baseline -> baseline(baseline.getKey(), baseline.getValue()))
                                .toList(),
                "tests",
                        map(
                                "stein", entry(report.stein(), EvaluationJson::test),
                                "mmd", entry(report.discrepancy(), EvaluationJson::test),
                                "classifier", entry(report.classifier(), EvaluationJson::test)));
    }

    private static Map<String, @Nullable Object> loss(HeldOutLoss loss) {
        return map("mean", loss.mean(), "standard_error", loss.standardError(), "rows", loss.rows());
    }

    private static Map<String, @Nullable Object> likelihood(LogLikelihood likelihood) {
        return map(
                "mean", likelihood.mean(),
                "rows", likelihood.rows(),
                "sampling_error", likelihood.samplingError(),
                "normalizer_error", likelihood.normalizerError(),
                "normalizers",
                        likelihood.normalizers().stream()
                                .map(EvaluationJson::normalizer)
                                .toList(),
                "warnings", likelihood.warnings());
    }

    private static Map<String, @Nullable Object> normalizer(NormalizerEstimate estimate) {
        return map(
                "log_normalizer", estimate.logNormalizer(),
                "standard_error", estimate.standardError(),
                "effective_sample_size", estimate.effectiveSampleSize(),
                "samples", estimate.samples());
    }

    private static Map<String, @Nullable Object> flow(FlowLogLikelihood likelihood) {
        return map(
                "mean", likelihood.mean(),
                "rows", likelihood.rows(),
                "sampling_error", likelihood.samplingError(),
                "divergence_error", likelihood.divergenceError(),
                "warnings", likelihood.warnings());
    }

    private static Map<String, @Nullable Object> baseline(String name, Finding<BaselineLikelihood> finding) {
        Map<String, @Nullable Object> facts = map("baseline", name);
        facts.putAll(entry(
                finding,
                likelihood -> map(
                        "description", likelihood.description(),
                        "mean", likelihood.mean(),
                        "standard_error", likelihood.standardError(),
                        "rows", likelihood.rows())));
        return facts;
    }

    private static Map<String, @Nullable Object> test(TestResult result) {
        return map("statistic", result.statistic(), "p_value", result.pValue(), "rows", result.rows());
    }

    private static <T> Map<String, @Nullable Object> entry(
            Finding<T> finding, Function<T, Map<String, @Nullable Object>> known) {
        if (finding instanceof Finding.Known<T> result) {
            return known.apply(result.value());
        }
        return map("missing", ((Finding.Missing<T>) finding).reason());
    }

    private static <T> Map<String, @Nullable Object> named(
            List<T> items, Function<T, String> name, Function<T, Map<String, @Nullable Object>> value) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        items.forEach(item -> map.put(name.apply(item), value.apply(item)));
        return map;
    }
}
