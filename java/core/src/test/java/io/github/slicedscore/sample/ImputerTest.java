package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Missing values of Gaussians, whose conditional means and deviations are known. */
class ImputerTest {
    private static final double MISSING = Double.NaN;
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** In standardised units N(0, [[1, 0.8], [0.8, 1]]), whose score is -[[1, -0.8], [-0.8, 1]] y / 0.36. */
    private static ScoreModel correlated() {
        float d = (float) (-1 / 0.36);
        float o = (float) (0.8 / 0.36);
        return HandMadeModel.of(
                backend,
                new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS),
                new float[] {d, o, o, d, 0, 0},
                new double[] {3, -1},
                new double[] {2, 0.5});
    }

    /** 500 chains that have forgotten their starts: standard errors of 4.5 % of the deviation, and 3.2 % of it. */
    @Test
    void scoreNetworksFollowTheKnownColumn() {
        double[] rows = {5, MISSING, 1, -1, MISSING, 0, MISSING, MISSING};
        Imputation found = new Imputer(500, 400, 4, 25).impute(correlated(), rows, 4, 3, 1);

        assertThat(found.cells()).extracting(ImputedCell::row).containsExactly(0, 2, 3, 3);
        assertThat(found.cells()).extracting(ImputedCell::column).containsExactly(1, 0, 0, 1);
        // y_1 = 1: N(0.8, 0.36), so -1 + 0.5 * 0.8 and 0.5 * 0.6. y_2 = 2: 3 + 2 * 1.6 and 2 * 0.6.
        assertCell(found.cells().get(0), -0.6, 0.3);
        assertCell(found.cells().get(1), 6.2, 1.2);
        assertCell(found.cells().get(2), 3, 2);
        assertCell(found.cells().get(3), -1, 0.5);
        assertThat(found.cells())
                .allSatisfy(cell -> assertThat(cell.draws()).hasSize(3).doesNotHaveDuplicates());
        assertThat(found.acceptance()).isEmpty();
        assertThat(found.largestRHat()).isEmpty();
        assertThat(found.warnings()).isEmpty();
    }

    private static void assertCell(ImputedCell cell, double mean, double deviation) {
        assertThat(cell.mean()).isCloseTo(mean, within(0.16 * deviation));
        assertThat(cell.deviation()).isCloseTo(deviation, within(0.12 * deviation));
    }

    /**
     * Of N(0, S) in three columns, one or two of which stand still; chains of two groups, with other columns that walk. Without
     * bias, so within 4 standard errors of 500 chains.
     */
    @Test
    void metropolisChainsDrawGivenTheColumnsThatStandStill() {
        Gaussian truth = new Gaussian(new double[3], new double[][] {{1, 0.9, 0.3}, {0.9, 1, 0.5}, {0.3, 0.5, 1}});
        int group = 500;
        double[] starts = new double[2 * group * 3];
        boolean[] walks = new boolean[starts.length];
        for (int chain = 0; chain < 2 * group; chain++) {
            boolean second = chain >= group;
            double[] start = {second ? 3 : 1.5, second ? -1 : 2, 2};
            boolean[] walking = {true, second, false};
            for (int i = 0; i < 3; i++) {
                starts[chain * 3 + i] = start[i];
                walks[chain * 3 + i] = walking[i];
            }
        }
        PartialMetropolis chains = new PartialMetropolis(Density.of(truth), starts, walks, group, 5);
        chains.warmUp(400);
        chains.advance(50);

        double[] points = chains.points();
        for (int i = 0; i < points.length; i++) {
            if (!walks[i]) {
                assertThat(points[i]).isEqualTo(starts[i]);
            }
        }
        // x_1 given x_2 = 2 and x_3 = 2: [0.9, 0.3] [[1, 0.5], [0.5, 1]]^-1 = [1, -0.2].
        assertMoments(points, 0, group, 0, 2 - 0.4, Math.sqrt(1 - 0.9 + 0.2 * 0.3));
        // Given x_3 = 2 alone.
        assertMoments(points, group, 2 * group, 0, 0.6, Math.sqrt(1 - 0.09));
        assertMoments(points, group, 2 * group, 1, 1, Math.sqrt(0.75));
        assertThat(chains.acceptance().orElseThrow()).isCloseTo(Mala.TARGET, within(0.1));
        assertThat(chains.mixes()).isTrue();
    }

    private static void assertMoments(double[] points, int from, int to, int column, double mean, double deviation) {
        double sum = 0;
        double square = 0;
        for (int chain = from; chain < to; chain++) {
            double value = points[chain * 3 + column] - mean;
            sum += value / (to - from);
            square += value * value / (to - from);
        }
        double error = 1 / Math.sqrt(to - from);
        assertThat(sum / deviation).isCloseTo(0, within(4 * error));
        assertThat(square / (deviation * deviation)).isCloseTo(1, within(4 * Math.sqrt(2) * error));
    }

    /** The base alone: columns are independent, and values come from N(3, 2^2) and N(-1, 0.5^2) whatever the others are. */
    @Test
    void energiesAreWalkedOnByMetropolisChains() {
        double[] rows = {MISSING, 40, -17, MISSING};
        Imputation found = new Imputer(300, 200, 10, 5).impute(HandMadeModel.normal(backend), rows, 2, 0, 1);
        assertCell(found.cells().get(0), 3, 2);
        assertCell(found.cells().get(1), -1, 0.5);
        assertThat(found.acceptance().orElseThrow()).isCloseTo(Mala.TARGET, within(0.1));
        assertThat(found.largestRHat().orElseThrow()).isCloseTo(1, within(0.1));
        assertThat(found.warnings()).isEmpty();
    }

    /** s(y | z) = z - y in standardised units, z = (c - 100) / 10: each row at its own condition. */
    @Test
    void conditionsAreThoseOfTheRows() {
        ScoreModel model = HandMadeModel.of(
                backend,
                new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS),
                new float[] {-1, 1, 0},
                new double[] {3, 100},
                new double[] {2, 10});
        double[] rows = {MISSING, 115, MISSING, 90};
        Imputation found = new Imputer(500, 400, 4, 25).impute(model, rows, 2, 0, 1);
        assertCell(found.cells().get(0), 6, 2);
        assertCell(found.cells().get(1), 1, 2);
        assertThatThrownBy(() -> Imputer.standard().impute(model, new double[] {1, MISSING}, 1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("condition 'b' is NaN");
    }

    /** Zero weights, so s = -y at every level; chains come down from the largest, and each gives one draw. */
    @Test
    void modelsWithNoiseLevelsAreAnnealed() {
        MlpOptions levels = MlpOptions.NONE.withNoiseLevels(new NoiseLevels(3, 0.3, 10));
        ScoreModel model = HandMadeModel.of(
                backend,
                new EnergyMlp(2, 1, List.of(), Activation.SOFTPLUS, 1, levels),
                new float[4],
                new double[] {3, -1},
                new double[] {2, 0.5});
        Imputation found = new Imputer(500, 300, 4, 20).impute(model, new double[] {MISSING, 7}, 1, 500, 1);
        ImputedCell cell = found.cells().get(0);
        assertThat(cell.draws()).hasSize(500);
        assertThat(cell.mean()).isCloseTo(3, within(0.4));
        assertThat(cell.deviation()).isCloseTo(2, within(0.3));
        assertThat(found.largestRHat()).isEmpty();
        assertThatThrownBy(() -> Imputer.standard().impute(model, new double[] {MISSING, 7}, 1, 9, 1))
                .hasMessageContaining("there are 8 draws, so 9 can't be kept");
    }

    @Test
    void theSeedDecidesAndRowsWithoutGapsCostNothing() {
        Imputer imputer = new Imputer(4, 20, 4, 1);
        double[] rows = {MISSING, 1, 2, MISSING, 1, 1};
        ScoreModel model = HandMadeModel.normal(backend);
        Imputation found = imputer.impute(model, rows, 3, 2, 7);
        assertThat(imputer.impute(model, rows, 3, 2, 7)).isEqualTo(found);
        assertThat(imputer.impute(model, rows, 3, 2, 8)).isNotEqualTo(found);
        assertThat(imputer.impute(model, Arrays.copyOfRange(rows, 4, 6), 1, 0, 7)
                        .cells())
                .isEmpty();
        try (Backend other = Backends.open("cpu", new BackendOptions(4, 0))) {
            assertThat(imputer.impute(HandMadeModel.normal(other), rows, 3, 2, 7))
                    .isEqualTo(found);
        }
    }

    /** Longer than what is done at once. */
    @Test
    void manyRows() {
        double[] rows = new double[2 * 1500];
        for (int row = 0; row < 1500; row++) {
            rows[2 * row] = MISSING;
        }
        Imputation found = new Imputer(4, 20, 4, 1).impute(HandMadeModel.normal(backend), rows, 1500, 1, 1);
        assertThat(found.cells()).hasSize(1500);
        assertThat(found.cells()).extracting(cell -> cell.draws().get(0)).doesNotHaveDuplicates();
    }

    /** A score that points outwards; and a warm-up too short for what it has to forget. */
    @Test
    void chainsThatRunAwayOrRemember() {
        ScoreModel outward = HandMadeModel.of(
                backend,
                new ScoreMlp(1, 0, List.of(), Activation.SOFTPLUS),
                new float[] {9, 0},
                new double[] {0},
                new double[] {1});
        assertThatThrownBy(() -> new Imputer(4, 500, 4, 1).impute(outward, new double[] {MISSING}, 1, 0, 1))
                .isInstanceOf(SamplingException.class)
                .hasMessageContaining("row 0")
                .hasMessageContaining("'a': a chain ran away");

        // 20 steps of 0.03 on average keep exp(-20 * 0.03 / 2 / 1.8) = 0.85 of where a chain began in the wide
        // direction.
        Imputation hasty = new Imputer(1000, 20, 4, 1).impute(correlated(), new double[] {MISSING, MISSING}, 1, 0, 1);
        assertThat(hasty.warnings()).singleElement().asString().contains("remember where their chains began");
        Imputation few =
                new Imputer(8, 20, 4, 1).impute(HandMadeModel.normal(backend), new double[] {MISSING, 1}, 1, 0, 1);
        assertThat(few.warnings()).singleElement().asString().contains("R-hat is above 1.1 for 1 of 1 values");
    }

    @Test
    void whatIsRefused() {
        assertThatThrownBy(() -> new Imputer(1, 100, 10, 1)).hasMessageContaining("two chains, not 1");
        assertThatThrownBy(() -> new Imputer(2, 19, 10, 1)).hasMessageContaining("not 19");
        assertThatThrownBy(() -> new Imputer(2, 20, 3, 1)).hasMessageContaining("not 3");
        assertThatThrownBy(() -> new Imputer(2, 20, 4, 0)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new Imputer(1 << 16, 20, 1 << 16, 1))
                .hasMessageContaining("4294967296, and at most 1048576 are held");
        ScoreModel model = HandMadeModel.normal(backend);
        assertThatThrownBy(() -> Imputer.standard().impute(model, new double[3], 2, 0, 1))
                .hasMessageContaining("the array has 3");
        assertThatThrownBy(() -> Imputer.standard().impute(model, new double[2], 1, 161, 1))
                .hasMessageContaining("160 draws");
        assertThatThrownBy(() -> Imputer.standard().impute(model, new double[] {0, Double.POSITIVE_INFINITY}, 1, 0, 1))
                .hasMessageContaining("column 'b' is Infinity");
    }
}
