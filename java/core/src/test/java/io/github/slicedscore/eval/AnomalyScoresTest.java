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
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models written down by hand: in standardised units N(0, I), columns a with mean 3 and deviation 2, b with 100 and 10. */
class AnomalyScoresTest {
    private static final List<String> NAMES = List.of("a", "b");

    /** In standardised units (0, 1), (3, 0), (0, -2), (0, 0). */
    private static final Dataset ROWS = Dataset.of(NAMES, new double[] {3, 110, 9, 100, 3, 80, 3, 100});

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static AnomalyScores scores(ScoreModel model, AnomalyStatistic statistic) {
        return AnomalyScores.of(model, ROWS, statistic, 1);
    }

    @Test
    void theLogDensityRanksRows() {
        ScoreModel model = SmallModels.normalEnergy(backend);
        AnomalyScores scores = scores(model, AnomalyStatistic.of(model));
        assertThat(scores.statistic()).isEqualTo(AnomalyStatistic.LOG_DENSITY);
        assertThat(scores.ranking()).containsExactly(1, 2, 0, 3);
        assertThat(scores.value(3) - scores.value(1)).isCloseTo(4.5, within(1e-5));
        assertThat(scores.surprises()[1]).isEqualTo(-scores.value(1));
    }

    /** s = -y, whose norms are 1, 3, 2, 0, whatever the units. */
    @Test
    void theNormOfTheScoreIsInStandardisedUnits() {
        ScoreModel model = SmallModels.normalScore(backend);
        AnomalyScores scores = scores(model, AnomalyStatistic.SCORE_NORM);
        assertThat(scores.ranking()).containsExactly(1, 2, 0, 3);
        for (int row = 0; row < 4; row++) {
            assertThat(scores.value(row)).isCloseTo(new double[] {1, 3, 2, 0}[row], within(1e-5));
        }
    }

    /** -|y|^2 / 2: the log-density of N(0, I) less that at 0; and of an energy that is no parabola its own difference. */
    @Test
    void thePathGivesTheLogDensityLessThatAtTheMean() {
        ScoreModel model = SmallModels.normalScore(backend);
        assertThat(AnomalyStatistic.of(model)).isEqualTo(AnomalyStatistic.PATH);
        AnomalyScores scores = scores(model, AnomalyStatistic.PATH);
        assertThat(scores.ranking()).containsExactly(1, 2, 0, 3);
        for (int row = 0; row < 4; row++) {
            assertThat(scores.value(row)).isCloseTo(new double[] {-0.5, -4.5, -2, 0}[row], within(1e-5));
        }
        EnergyMlp network = new EnergyMlp(2, 0, List.of(8), Activation.TANH, 2);
        ScoreModel energy = SmallModels.of(backend, network, Parameters.initialize(network, 5));
        AnomalyScores paths = scores(energy, AnomalyStatistic.PATH);
        for (int row = 0; row < 4; row++) {
            double[] point = {ROWS.value(row, 0), ROWS.value(row, 1)};
            assertThat(paths.value(row)).isCloseTo(energy.logDensity(point) - energy.logDensity(3, 100), within(2e-3));
        }
        ScoreModel conditional = SmallModels.conditionalEnergy(backend, 0.5f, 2, 0.3f, 1);
        assertThatThrownBy(() -> scores(conditional, AnomalyStatistic.PATH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("conditioned on [b]");
    }

    /** log p of N(0, I) less the log of the deviations' product; the smallest level adds next to nothing. */
    @Test
    void theFlowGivesTheLogLikelihood() {
        ScoreModel model = SmallModels.normalAtEveryLevel(backend, true);
        AnomalyScores scores = scores(model, AnomalyStatistic.FLOW);
        assertThat(AnomalyStatistic.of(model)).isEqualTo(AnomalyStatistic.LOG_DENSITY);
        assertThat(AnomalyStatistic.of(SmallModels.normalAtEveryLevel(backend, false)))
                .isEqualTo(AnomalyStatistic.FLOW);
        FlowLogLikelihood mean = FlowLogLikelihood.of(model, ROWS, 10, 1);
        double sum = 0;
        for (int row = 0; row < 4; row++) {
            sum += scores.value(row);
        }
        assertThat(sum / 4).isCloseTo(mean.mean(), within(1e-4));
        assertThat(scores.ranking()[3]).isEqualTo(3);
    }

    @Test
    void columnsAreThoseOfTheLargestScores() {
        AnomalyScores scores = scores(SmallModels.normalEnergy(backend), AnomalyStatistic.LOG_DENSITY);
        assertThat(scores.columns(2)).extracting(ColumnScore::column).containsExactly("b", "a");
        // Too low: a larger value would be more probable.
        assertThat(scores.columns(2).get(0).score()).isCloseTo(2, within(1e-5));
        assertThat(scores.columns(1)).extracting(ColumnScore::column).containsExactly("a", "b");
        assertThat(scores.columns(1).get(0).score()).isCloseTo(-3, within(1e-5));
    }

    @Test
    void percentilesCountRowsThatAreMoreUnusual() {
        ScoreModel model = SmallModels.normalEnergy(backend);
        for (AnomalyStatistic statistic : List.of(AnomalyStatistic.LOG_DENSITY, AnomalyStatistic.SCORE_NORM)) {
            AnomalyScores scores = scores(model, statistic);
            assertThat(scores.percentiles(scores)).containsExactly(50, 0, 25, 75);
        }
        assertThatThrownBy(() -> scores(model, AnomalyStatistic.LOG_DENSITY)
                        .percentiles(scores(model, AnomalyStatistic.SCORE_NORM)))
                .hasMessageContaining("log-density")
                .hasMessageContaining("score-norm");
    }

    /**
     * f = w y + u c - y^2 / 2, so p(y | c) = N(w, 1) for both c. The unnormalised log-density grows with c; the normalised is
     * -(y - w)^2 / 2 - log(2 pi) / 2 - log 2, whatever c is.
     */
    @Test
    void conditionsAreNormalised() {
        ScoreModel model = SmallModels.conditionalEnergy(backend, 0.5f, 2, 0.3f, 1);
        double[] values = new double[2 * 40];
        for (int row = 0; row < 40; row++) {
            values[2 * row] = 3 + 2 * (0.5 + Math.sin(row));
            values[2 * row + 1] = row % 2 == 0 ? 90 : 120;
        }
        AnomalyScores scores = AnomalyScores.of(model, Dataset.of(NAMES, values), AnomalyStatistic.LOG_DENSITY, 1);
        for (int row = 0; row < 40; row++) {
            double y = Math.sin(row);
            assertThat(scores.value(row))
                    .isCloseTo(-y * y / 2 - 0.5 * Math.log(2 * Math.PI) - Math.log(2), within(0.02));
        }
        double[] many = new double[2 * 21];
        for (int i = 0; i < 42; i++) {
            many[i] = i;
        }
        assertThatThrownBy(() -> AnomalyScores.of(model, Dataset.of(NAMES, many), AnomalyStatistic.LOG_DENSITY, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("21 different");
        assertThat(AnomalyScores.of(model, Dataset.of(NAMES, many), AnomalyStatistic.SCORE_NORM, 1)
                        .rows())
                .isEqualTo(21);
    }

    @Test
    void theReportJudgesTheRankingBesideTheMahalanobisDistance() {
        ScoreModel model = SmallModels.normalEnergy(backend);
        // A column with twice the model's deviation: distances weigh it less, and rank row 2 above row 1.
        double[] points = Draws.of(Draws.normal(2, 0, 1), 2000, 3);
        double[] usual = points.clone();
        for (int i = 0; i < usual.length; i++) {
            usual[i] = i % 2 == 0 ? 3 + 2 * 2 * points[i] : 100 + 10 * points[i];
        }
        AnomalyReport report = AnomalyReport.of(
                model,
                ROWS,
                Dataset.of(NAMES, usual),
                new boolean[] {false, true, false, false},
                AnomalyStatistic.LOG_DENSITY,
                1);
        assertThat(report.quality().orElseThrow()).isEqualTo(new RankingQuality(1, 1, 1, 3));
        assertThat(((Finding.Known<RankingQuality>) report.mahalanobis()).value())
                .isEqualTo(new RankingQuality(2 / 3.0, 0.5, 1, 3));
        assertThat(report.reference()).isEqualTo(AnomalyReport.Reference.FITTING);
        // P(|y|^2 > 9) where y_1 has variance 4 is 0.1649 by numerical integration; of 2000 rows 0.0083.
        assertThat(report.percentiles()[1]).isCloseTo(16.49, within(3.0));
        AnomalyReport alone = AnomalyReport.of(model, ROWS, null, null, AnomalyStatistic.LOG_DENSITY, 1);
        assertThat(alone.reference()).isEqualTo(AnomalyReport.Reference.NONE);
        assertThat(alone.percentiles()).containsOnly(Double.NaN);
        assertThat(alone.quality()).isEmpty();
        assertThat(alone.mahalanobis()).isInstanceOf(Finding.Missing.class);
    }

    @Test
    void theMahalanobisDistanceIsTheGaussians() {
        double[] points = Draws.of(Draws.normal(2, 1, 4), 100_000, 3);
        double[] distances = MahalanobisDistance.fit(points, 2).of(new double[] {1, 1, 1, 5, 4, -3});
        assertThat(distances[0]).isCloseTo(0, within(0.02));
        assertThat(distances[1]).isCloseTo(2, within(0.03));
        assertThat(distances[2]).isCloseTo(2.5, within(0.03));
    }

    @Test
    void whatTheModelDoesNotGive() {
        assertThatThrownBy(() -> scores(SmallModels.normalScore(backend), AnomalyStatistic.LOG_DENSITY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score network")
                .hasMessageContaining("rank by its path");
        assertThatThrownBy(() -> scores(SmallModels.normalScore(backend), AnomalyStatistic.FLOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--noise-levels");
    }
}
