package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Verdict.Tone;
import io.github.slicedscore.eval.BaselineLikelihood;
import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.eval.FlowLogLikelihood;
import io.github.slicedscore.eval.LogLikelihood;
import io.github.slicedscore.eval.ModelReport;
import io.github.slicedscore.eval.NormalizerEstimate;
import io.github.slicedscore.eval.TestResult;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.ScoreMlp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What made-up figures are said to mean. */
class VerdictsTest {
    private static final Finding<Calibration> NONE = new Finding.Missing<>("none here");

    private static BaselineLikelihood baseline(String name, double mean) {
        return new BaselineLikelihood(name, "fitted", mean, 0.1, 100);
    }

    private static Finding<LogLikelihood> likelihood(double mean, double error, double effective) {
        NormalizerEstimate estimate = new NormalizerEstimate(0, error, effective, 1000, List.of());
        return new Finding.Known<>(new LogLikelihood(mean, 100, 0.1, error, List.of(estimate)));
    }

    private static Finding<TestResult> test(double statistic, double pValue) {
        return new Finding.Known<>(new TestResult(statistic, pValue, 100));
    }

    private static Evaluation evaluation(
            Finding<LogLikelihood> importance, Finding<LogLikelihood> annealed, List<String> sampleWarnings) {
        ModelReport report = new ModelReport(
                100,
                List.of(),
                importance,
                annealed,
                test(0.1, 0.0001),
                test(0.01, 0.4),
                test(0.612, 0.03),
                sampleWarnings,
                Map.of(
                        "gaussian", new Finding.Known<>(baseline("gaussian", -3)),
                        "mixture", new Finding.Known<>(baseline("mixture", -2)),
                        "kernel-density", new Finding.Missing<>("too few rows")));
        return new Evaluation(
                Path.of("m"),
                new ScoreMlp(2, 0, List.of(8), Activation.SOFTPLUS),
                Path.of("t"),
                null,
                1,
                report,
                new Finding.Missing<FlowLogLikelihood>("no levels"),
                List.of("noised rows"));
    }

    private static List<Verdict> verdicts(Evaluation evaluation) {
        return Verdicts.of(evaluation, NONE, NONE);
    }

    @Test
    void aModelThatBeatsAllSimpleOnes() {
        List<Verdict> verdicts =
                verdicts(evaluation(likelihood(-1.75, 0.01, 500), likelihood(-9, 0.5, 500), List.of()));
        assertThat(verdicts)
                .contains(
                        new Verdict(Tone.CAUTION, "noised rows"),
                        new Verdict(
                                Tone.GOOD,
                                "the test rows are likelier under the model than under every simple one: by 0.25 nats a row"
                                        + " than under the best of them, a mixture of Gaussians"));
    }

    /** The estimate with the smaller error counts, whichever it is. */
    @Test
    void aModelThatBeatsSome() {
        List<Verdict> verdicts = verdicts(evaluation(likelihood(-1, 0.5, 500), likelihood(-2.5, 0.01, 500), List.of()));
        assertThat(verdicts)
                .contains(new Verdict(
                        Tone.CAUTION,
                        "the test rows are likelier under a mixture of Gaussians than under the model: by 0.50 nats a"
                                + " row under the best"));
    }

    @Test
    void aModelThatBeatsNone() {
        List<Verdict> verdicts =
                verdicts(evaluation(likelihood(-4, 0.1, 500), new Finding.Missing<>("ran away"), List.of()));
        assertThat(verdicts)
                .contains(new Verdict(
                        Tone.BAD,
                        "the test rows are likelier under a mixture of Gaussians and a Gaussian than under the model:"
                                + " by 2.00 nats a row under the best"));
    }

    @Test
    void withoutALikelihoodNothingIsCompared() {
        Finding<LogLikelihood> none = new Finding.Missing<>("a score network");
        assertThat(verdicts(evaluation(none, none, List.of())))
                .noneMatch(verdict -> verdict.text().contains("likelier"));
    }

    @Test
    void testsInWords() {
        assertThat(verdicts(evaluation(likelihood(-1, 0.1, 500), likelihood(-1, 0.1, 500), List.of("chains stuck"))))
                .contains(
                        new Verdict(Tone.CAUTION, "the Stein test tells the test rows from the model's (p < 0.001)"),
                        new Verdict(
                                Tone.GOOD,
                                "the maximum mean discrepancy does not tell the test rows from the model's (p 0.400)"),
                        new Verdict(
                                Tone.CAUTION,
                                "a nearest-neighbour classifier tells test rows from samples in 61.2 % of all cases, where"
                                        + " guessing gets 50 % (p 0.030)"),
                        new Verdict(Tone.CAUTION, "chains stuck"));
    }

    @Test
    void percentilesInWords() {
        Evaluation evaluation = evaluation(likelihood(-1, 0.1, 500), likelihood(-1, 0.1, 500), List.of());
        double[] rows = new double[200];
        double[] lower = new double[200];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
            lower[i] = i - 100;
        }
        assertThat(Verdicts.of(
                        evaluation,
                        new Finding.Known<>(Calibration.of(rows, rows)),
                        new Finding.Known<>(Calibration.of(rows, lower))))
                .contains(
                        new Verdict(
                                Tone.GOOD,
                                "percentiles can be taken at their word: those of the test rows among the held-out ones are"
                                        + " spread evenly (p 1.000)"),
                        new Verdict(
                                Tone.CAUTION,
                                "the log-densities of test rows and of samples differ (p < 0.001): the test rows are in less"
                                        + " probable places than the samples"));
        assertThat(Verdicts.of(
                        evaluation,
                        new Finding.Known<>(Calibration.of(rows, lower)),
                        new Finding.Known<>(Calibration.of(lower, rows))))
                .anyMatch(verdict ->
                        verdict.tone() == Tone.CAUTION && verdict.text().startsWith("percentiles are off"))
                .anyMatch(verdict ->
                        verdict.text().endsWith("the samples are in less probable places than the test rows"));
    }
}
