package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.eval.BaselineLikelihood;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.HeldOutLoss;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.NormalizerEstimate;
import io.github.slicedscore.eval.TestResult;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What evaluate prints, down to the character, of figures that are hard to come by. */
class EvaluationTextTest {
    private static final Evaluation EVALUATION = new Evaluation(
            Path.of("a \"good\" model"),
            new EnergyMlp(1, 0, List.of(), Activation.TANH, 0),
            Path.of("rows.csv"),
            null,
            7,
            new ModelReport(
                    1,
                    List.of(new HeldOutLoss("exact", -1.5, Double.NaN, 1)),
                    new Finding.Known<>(new LogLikelihood(
                            -2.25,
                            1,
                            Double.NaN,
                            0.5,
                            List.of(
                                    new NormalizerEstimate(1, 0.1, 90, 100, List.of()),
                                    new NormalizerEstimate(2, 0.9, 3, 100, List.of("few\tweights count"))))),
                    new Finding.Missing<>("chains ran away"),
                    new Finding.Known<>(new TestResult(0.125, 0.0001, 1)),
                    new Finding.Known<>(new TestResult(-0.125, 0.05, 1)),
                    new Finding.Missing<>("no samples"),
                    List.of("chains were short"),
                    baselines(
                            new Finding.Known<>(new BaselineLikelihood("gaussian", "round", -3, 0.25, 1)),
                            new Finding.Missing<>("one row is no mixture"))),
            new Finding.Known<>(new FlowLogLikelihood(-2, 1, 0.1, 0.01, List.of("the flow is short"))),
            List.of("it is a toy"));

    /** In this order, which Map.of would not keep. */
    private static Map<String, Finding<BaselineLikelihood>> baselines(
            Finding<BaselineLikelihood> gaussian, Finding<BaselineLikelihood> mixture) {
        Map<String, Finding<BaselineLikelihood>> baselines = new LinkedHashMap<>();
        baselines.put("gaussian", gaussian);
        baselines.put("mixture", mixture);
        return baselines;
    }

    @Test
    void theTable() {
        assertThat(EvaluationTable.of(EVALUATION, Colors.on(false))).isEqualTo("""
                model  a "good" model, energy network 1-1, affine
                rows   1 of rows.csv
                note   it is a toy

                held-out loss, in standardised units; lower is better
                  exact                    -1.5000\s

                log-likelihood, in nats a row and the units of the data; higher is better
                  importance sampling      -2.2500  by the rows, +- 0.5000 by the normaliser   weights worth 3 of 100 samples
                    warning: few\tweights count
                  annealed sampling           none  chains ran away
                  probability flow         -2.0000 +- 0.1000 by the rows, +- 0.0100 by the trace   1 rows
                    warning: the flow is short
                  to be beaten, fitted to each half of the rows for the other:
                  gaussian                 -3.0000 +- 0.2500   round
                  mixture                     none  one row is no mixture

                do the rows come from the model? a small p speaks against it
                  Stein                    0.12500   p < 0.001   KSD^2 of 1 rows; they do not look like the model's
                  MMD                     -0.12500   p 0.050   MMD^2 of 1 rows
                  classifier                  none  no samples
                    warning: chains were short
                """);
    }

    @Test
    void theJson() {
        String json = EvaluationJson.of(EVALUATION);

        assertThat(ParsedJson.at(json, "model")).isEqualTo("a \\\"good\\\" model");
        assertThat(ParsedJson.at(json, "train")).isNull();
        assertThat(ParsedJson.at(json, "seed")).isEqualTo(7.0);
        assertThat(ParsedJson.at(json, "losses", "exact"))
                .isEqualTo(map("mean", -1.5, "standard_error", null, "rows", 1.0));
        assertThat(ParsedJson.at(json, "log_likelihood", "importance", "sampling_error"))
                .isNull();
        assertThat(ParsedJson.at(json, "log_likelihood", "importance", "normalizers", 1))
                .isEqualTo(map(
                        "log_normalizer", 2.0, "standard_error", 0.9, "effective_sample_size", 3.0, "samples", 100.0));
        assertThat(ParsedJson.at(json, "log_likelihood", "importance", "warnings", 0))
                .isEqualTo("few\\u0009weights count");
        assertThat(ParsedJson.at(json, "log_likelihood", "annealed")).isEqualTo(map("missing", "chains ran away"));
        assertThat(ParsedJson.at(json, "log_likelihood", "flow"))
                .isEqualTo(map(
                        "mean",
                        -2.0,
                        "rows",
                        1.0,
                        "sampling_error",
                        0.1,
                        "divergence_error",
                        0.01,
                        "warnings",
                        List.of("the flow is short")));
        assertThat(ParsedJson.at(json, "tests", "stein"))
                .isEqualTo(map("statistic", 0.125, "p_value", 0.0001, "rows", 1.0));
        assertThat(ParsedJson.at(json, "baselines", 0, "baseline")).isEqualTo("gaussian");
        assertThat(ParsedJson.at(json, "baselines", 1))
                .isEqualTo(map("baseline", "mixture", "missing", "one row is no mixture"));
        assertThat(ParsedJson.at(json, "sample_warnings")).isEqualTo(List.of("chains were short"));
        assertThat(ParsedJson.at(json, "remarks")).isEqualTo(List.of("it is a toy"));
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
