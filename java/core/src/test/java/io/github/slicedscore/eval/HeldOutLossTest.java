package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HeldOutLossTest {
    private static final Slices SLICES = new Slices(3, Projection.GAUSSIAN);
    private static final Dataset ROWS = Dataset.of(
            List.of("b", "a", "other"),
            new double[][] {{105, 1, 0}, {90, 3, 0}, {100, 4.5, 0}, {122, 2.5, 0}, {95, -1, 0}});
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** s(y) = A y + t, y = ((a - 3) / 2, (b - 100) / 10): tr J = tr A for all rows. */
    @Test
    void theExactLossOfALinearScoreIsKnown() {
        ScoreModel model = SmallModels.of(
                backend, new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS), -1.5f, 0.25f, 0.5f, -0.75f, 0.5f, -1);
        double[] losses = new double[ROWS.rows()];
        for (int row = 0; row < losses.length; row++) {
            double y0 = (ROWS.value(row, 1) - 3) / 2;
            double y1 = (ROWS.value(row, 0) - 100) / 10;
            double s0 = -1.5 * y0 + 0.25 * y1 + 0.5;
            double s1 = 0.5 * y0 - 0.75 * y1 - 1;
            losses[row] = -2.25 + (s0 * s0 + s1 * s1) / 2;
        }
        SampleMean wanted = SampleMean.of(losses);
        HeldOutLoss exact = HeldOutLoss.exact(model, ROWS);
        assertThat(exact.mean()).isCloseTo(wanted.mean(), within(1e-5));
        assertThat(exact.standardError()).isCloseTo(wanted.standardError(), within(1e-5));
        assertThat(exact.objective()).isEqualTo("exact");
        assertThat(exact.rows()).isEqualTo(5);
        // v.A v is -2.25 + 0.75 v0 v1 for signs, and its mean over many of them the trace.
        HeldOutLoss reduced = HeldOutLoss.varianceReduced(model, ROWS, new Slices(2000, Projection.RADEMACHER), 1);
        assertThat(reduced.mean()).isCloseTo(wanted.mean(), within(4 * 0.75 / 100));
    }

    /** The same slices through the scorer and through the training engine. */
    @Test
    void lossesAreTheEngines() {
        for (Architecture architecture : List.of(
                new EnergyMlp(2, 1, List.of(5), Activation.TANH, 2), new ScoreMlp(2, 1, List.of(5), Activation.SILU))) {
            Parameters parameters = Parameters.initialize(architecture, 3);
            ScoreModel model = SmallModels.of(backend, architecture, parameters);
            Dataset rows = Dataset.of(List.of("a", "b", "c"), new double[][] {{1, 105, 0}, {3, 90, -1}, {4, 101, -2}});
            assertThat(HeldOutLoss.sliced(model, rows, SLICES, 5).mean())
                    .isCloseTo(engine(model, rows, new SlicedScoreMatching(SLICES)), within(1e-4));
            assertThat(HeldOutLoss.varianceReduced(model, rows, SLICES, 5).mean())
                    .isCloseTo(engine(model, rows, new VarianceReducedScoreMatching(SLICES)), within(1e-4));
            assertThat(HeldOutLoss.exact(model, rows).mean())
                    .isCloseTo(engine(model, rows, new ExactScoreMatching()), within(1e-4));
        }
    }

    private static double engine(ScoreModel model, Dataset rows, Objective objective) {
        int count = rows.rows();
        float[] inputs = model.standardizer().toStandard(rows, new int[] {0, 1, 2});
        float[] slices = new float[objective.directions() * count * 2];
        float[] slice = new float[2];
        for (int m = 0; m < objective.directions(); m++) {
            for (int row = 0; row < count; row++) {
                SLICES.draw(new Philox(), 5, row, m, 0xFFFFFFFEL, slice, 2);
                System.arraycopy(slice, 0, slices, (m * count + row) * 2, 2);
            }
        }
        try (ObjectiveFunction function = backend.openObjective(model.architecture(), objective)) {
            return SampleMean.of(function.losses(model.parameters(), inputs, slices))
                    .mean();
        }
    }

    /** At the optimum of N(0, I) the loss is -D/2 in expectation, and with signs v.J v is -D for every row. */
    @Test
    void theOptimumsLossIsMinusHalfTheDimension() {
        Dataset rows = Draws.named(Draws.of(Draws.normal(2, 0, 1), 4000, 1), List.of("a", "b"), 3, 2, 100, 10);
        for (ScoreModel model : List.of(SmallModels.normalScore(backend), SmallModels.normalEnergy(backend))) {
            HeldOutLoss exact = HeldOutLoss.exact(model, rows);
            assertThat(exact.standardError()).isCloseTo(1 / Math.sqrt(4000), within(1e-3));
            assertThat(exact.mean()).isCloseTo(-1, within(3 * exact.standardError()));
            assertThat(HeldOutLoss.varianceReduced(model, rows, new Slices(1, Projection.RADEMACHER), 1)
                            .mean())
                    .isCloseTo(exact.mean(), within(1e-5));
        }
    }

    @Test
    void refusesTablesWithoutRowsOrColumns() {
        ScoreModel model = SmallModels.normalScore(backend);
        assertThatThrownBy(() -> HeldOutLoss.exact(model, ROWS.rows(new int[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no rows");
        assertThatThrownBy(() -> HeldOutLoss.exact(model, ROWS.select(List.of("b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");
        assertThat(HeldOutLoss.exact(model, ROWS.rows(new int[] {0})).standardError())
                .isNaN();
    }
}
