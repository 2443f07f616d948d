package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.Mala;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModelReportTest {
    private static final EvaluationSettings SETTINGS = new EvaluationSettings(
            3,
            1000,
            new Slices(4, Projection.RADEMACHER),
            new ImportanceSampling(4000, 4, 5, 0.1),
            new AnnealedImportanceSampling(120, 40, 4, 3),
            new SteinTest(new SteinKernel.InverseMultiquadric(1, -0.5), 199, 300),
            new MaximumMeanDiscrepancy(List.of(1.0), 199, 300),
            new ClassifierTwoSampleTest(0, 300),
            4,
            Optional.of(new Langevin(100, 0.2, 0.05)));
    /** log of N(x; 3, 2^2) N(y; 100, 10^2) in expectation. */
    private static final double NEGATIVE_ENTROPY = -(1 + Math.log(2 * Math.PI)) - Math.log(20);

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static Dataset rows(int count, double shift, long seed) {
        return Draws.named(Draws.of(Draws.normal(2, shift, 1), count, seed), List.of("a", "b"), 3, 2, 100, 10);
    }

    private static <T> T known(Finding<T> finding) {
        assertThat(finding).isInstanceOf(Finding.Known.class);
        return ((Finding.Known<T>) finding).value();
    }

    private static String missing(Finding<?> finding) {
        assertThat(finding).isInstanceOf(Finding.Missing.class);
        return ((Finding.Missing<?>) finding).reason();
    }

    @Test
    void aRightEnergyPassesEveryTest() {
        ModelReport report =
                ModelReport.of(SmallModels.normalEnergy(backend), rows(2000, 0, 1), rows(2000, 0, 2), SETTINGS);
        assertThat(report.rows()).isEqualTo(1000);
        assertThat(report.losses().stream().map(HeldOutLoss::objective)).containsExactly("exact", "ssm", "ssm-vr");
        assertThat(report.losses().get(0).mean()).isCloseTo(-1, within(0.1));
        for (Finding<LogLikelihood> likelihood : List.of(report.importance(), report.annealed())) {
            assertThat(known(likelihood).mean())
                    .isCloseTo(NEGATIVE_ENTROPY, within(3 * known(likelihood).standardError()));
        }
        for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
            assertThat(known(test).pValue()).isGreaterThan(0.01);
        }
        assertThat(report.sampleWarnings()).isEmpty();
        assertThat(known(report.stein()).rows()).isEqualTo(300);
        assertThat(report.baselines().keySet()).containsExactly("gaussian", "mixture", "kernel-density");
        report.baselines().forEach((name, baseline) -> {
            assertThat(known(baseline).baseline()).isEqualTo(name);
            assertThat(known(baseline).mean()).isCloseTo(NEGATIVE_ENTROPY, within(0.15));
        });
    }

    @Test
    void aWrongModelFailsTheTestsAndTheBaselinesBeatIt() {
        ModelReport report = ModelReport.of(SmallModels.normalEnergy(backend), rows(900, 1, 1), null, SETTINGS);
        for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
            assertThat(known(test).pValue()).isLessThan(0.01);
        }
        for (Finding<BaselineLikelihood> baseline : report.baselines().values()) {
            assertThat(known(baseline).mean())
                    .isGreaterThan(known(report.importance()).mean() + 0.5);
            assertThat(known(baseline).description()).contains("each half");
        }
    }

    @Test
    void aScoreNetworkHasTestsButNoLikelihood() {
        ModelReport report = ModelReport.of(SmallModels.normalScore(backend), rows(400, 0, 1), null, SETTINGS);
        assertThat(missing(report.importance())).contains("score network").contains("train an energy");
        assertThat(missing(report.annealed())).contains("score network");
        assertThat(known(report.stein()).pValue()).isGreaterThan(0.01);
        assertThat(known(report.discrepancy()).pValue()).isGreaterThan(0.01);
        assertThat(known(report.classifier()).pValue()).isGreaterThan(0.01);
    }

    /** Such a model is that of its smallest level, nearly N(0, I) here, and its samples come down the flow. */
    @Test
    void modelsOfSeveralNoiseLevelsAreEvaluatedAtTheSmallest() {
        EvaluationSettings own = new EvaluationSettings(
                4,
                1000,
                SETTINGS.slices(),
                SETTINGS.importance(),
                SETTINGS.annealed(),
                SETTINGS.stein(),
                SETTINGS.discrepancy(),
                SETTINGS.classifier(),
                4,
                Optional.empty());
        for (boolean energy : new boolean[] {true, false}) {
            ModelReport report =
                    ModelReport.of(SmallModels.normalAtEveryLevel(backend, energy), rows(1000, 0, 1), null, own);
            assertThat(report.losses().get(0).mean()).isCloseTo(-1, within(0.1));
            for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
                assertThat(known(test).pValue()).isGreaterThan(0.01);
            }
            if (energy) {
                LogLikelihood likelihood = known(report.importance());
                assertThat(likelihood.mean()).isCloseTo(NEGATIVE_ENTROPY, within(3 * likelihood.standardError()));
            } else {
                assertThat(missing(report.importance())).contains("probability flow");
            }
        }
    }

    /**
     * p(x | c) = N(0, 1) for both conditions. The wrong rows are of that distribution as long as one does not look at c, which is
     * the sign of x: only rows [x, c] tell.
     */
    @Test
    void samplesAndScoresHaveTheConditionsOfTheRows() {
        ScoreModel model = SmallModels.conditionalEnergy(backend, 0, 2, 0, 1);
        double[] points = Draws.of(Draws.normal(1, 0, 1), 600, 3);
        for (boolean right : new boolean[] {true, false}) {
            double[][] rows = new double[600][];
            for (int row = 0; row < 600; row++) {
                boolean low = right ? row % 2 == 0 : points[row] < 0;
                rows[row] = new double[] {3 + 2 * points[row], low ? 90 : 110};
            }
            ModelReport report = ModelReport.of(model, Dataset.of(List.of("a", "b"), rows), null, SETTINGS);
            for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
                assertThat(known(test).pValue() > 0.01).isEqualTo(right);
            }
        }
    }

    /** p(x | c) = N(c, 1) in standardised units, c = -1 and 1: samples of one condition alone would not look like the rows. */
    @Test
    void samplesFollowTheirConditions() {
        ScoreModel model = SmallModels.of(backend, new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS), -1, 1, 0);
        double[] points = Draws.of(Draws.normal(1, 0, 1), 600, 3);
        double[][] rows = new double[600][];
        for (int row = 0; row < 600; row++) {
            int c = row % 2 == 0 ? -1 : 1;
            rows[row] = new double[] {3 + 2 * (points[row] + c), 100 + 10 * c};
        }
        ModelReport report = ModelReport.of(model, Dataset.of(List.of("a", "b"), rows), null, SETTINGS);
        for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
            assertThat(known(test).pValue()).isGreaterThan(0.01);
        }
    }

    /** As many conditions as rows: p(x | c) = N(c, 1) in standardised units. */
    @Test
    void everyRowMayHaveAConditionOfItsOwn() {
        ScoreModel model = SmallModels.of(backend, new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS), -1, 1, 0);
        double[] points = Draws.of(Draws.normal(2, 0, 1), 600, 5);
        for (boolean right : new boolean[] {true, false}) {
            double[][] rows = new double[600][];
            for (int row = 0; row < 600; row++) {
                double c = points[2 * row];
                rows[row] = new double[] {3 + 2 * (points[2 * row + 1] + (right ? c : -c)), 100 + 10 * c};
            }
            ModelReport report = ModelReport.of(model, Dataset.of(List.of("a", "b"), rows), null, SETTINGS);
            for (Finding<TestResult> test : List.of(report.stein(), report.discrepancy(), report.classifier())) {
                assertThat(known(test).pValue() > 0.01).isEqualTo(right);
            }
        }
    }

    /** Chains of ten short steps are where they began; those of Metropolis samplers give many samples each. */
    @Test
    void whatTheSamplersSayIsInTheReport() {
        ModelRows rows = ModelRows.of(SmallModels.normalEnergy(backend), rows(300, 0, 1));
        EvaluationSettings cheap = SETTINGS.withSampler(new Langevin(10, 0.001, 0.001));
        ModelReport report = ModelReport.of(SmallModels.normalEnergy(backend), rows(100, 0, 1), null, cheap);
        assertThat(report.sampleWarnings())
                .singleElement()
                .asString()
                .startsWith("samples remember where their chains");

        assertThat(ReportSamples.draw(SmallModels.normalEnergy(backend), rows, 300, new Mala(16, 200, 20), 1)
                        .warnings())
                .singleElement()
                .asString()
                .contains("depend on each other", "p may be too small");
    }

    @Test
    void whatCannotBeComputedSaysWhy() {
        ModelReport report = ModelReport.of(SmallModels.normalEnergy(backend), rows(3, 0, 1), null, SETTINGS);
        assertThat(report.rows()).isEqualTo(3);
        assertThat(missing(report.importance())).contains("at least 4 rows");
        assertThat(missing(report.stein())).contains("at least 10 rows");
        assertThat(missing(report.discrepancy())).contains("at least 10 rows");
        assertThat(missing(report.classifier())).contains("at least 20 rows");
        assertThat(report.baselines().keySet()).containsExactly("gaussian", "mixture", "kernel-density");
        assertThat(report.baselines().values())
                .allSatisfy(baseline -> assertThat(missing(baseline)).contains("rows"));
        EvaluationSettings runaway = SETTINGS.withSampler(new Langevin(200, 10, 10));
        assertThat(missing(ModelReport.of(SmallModels.normalEnergy(backend), rows(30, 0, 1), null, runaway)
                        .discrepancy()))
                .contains("samples ran away");
    }

    @Test
    void refusesTablesThatDoNotFit() {
        ScoreModel model = SmallModels.normalEnergy(backend);
        Dataset rows = rows(30, 0, 1);
        assertThatThrownBy(() -> ModelReport.of(model, rows.rows(new int[0]), null, SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no rows");
        assertThatThrownBy(() -> ModelReport.of(model, rows, rows.select(List.of("a")), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b'");
        assertThatThrownBy(() -> SETTINGS.withMaxRows(0)).hasMessageContaining("not 0");
    }
}
