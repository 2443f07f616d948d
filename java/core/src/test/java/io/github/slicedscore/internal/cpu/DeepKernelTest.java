package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.oracle.Deviation;
import io.github.slicedscore.oracle.EngineCheck;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.KernelCase;
import io.github.slicedscore.oracle.KernelOracle;
import io.github.slicedscore.oracle.Oracle;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deep kernel energies on the processor against their reference, with coefficients as they are. */
@ExtendWith(NativeWidth.class)
class DeepKernelTest {
    private static final int ROWS = 4;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static List<Objective> objectives() {
        return KernelCase.objectives();
    }

    @Test
    void valuesScoresAndProducts() {
        KernelCase energy = KernelCase.of(3, 6, 1);
        KernelOracle oracle = energy.oracle();
        double[] inputs = energy.batch(KernelCase.objectives().get(3), ROWS, 4).inputs();
        double[] directions =
                energy.batch(KernelCase.objectives().get(3), ROWS, 5).inputs();
        float[] values = new float[ROWS];
        float[] scores = new float[3 * ROWS];
        float[] products = new float[3 * ROWS];
        try (Scorer scorer = backend.openScorer(energy.energy(), energy.parameters())) {
            scorer.evaluate(Floats.of(inputs), ROWS, values, scores);
            scorer.jvp(Floats.of(inputs), Floats.of(directions), ROWS, products);
        }
        double[] expectedValues = new double[ROWS];
        double[] expectedScores = new double[3 * ROWS];
        double[] expectedProducts = new double[3 * ROWS];
        for (int n = 0; n < ROWS; n++) {
            double[] x = Arrays.copyOfRange(inputs, 3 * n, 3 * n + 3);
            double[] v = Arrays.copyOfRange(directions, 3 * n, 3 * n + 3);
            expectedValues[n] = oracle.value(x);
            System.arraycopy(oracle.score(x), 0, expectedScores, 3 * n, 3);
            System.arraycopy(oracle.product(x, v), 0, expectedProducts, 3 * n, 3);
        }
        assertThat(Deviation.ofScale(Floats.widen(values), expectedValues)).isLessThan(EngineCheck.OUTPUT / 10);
        assertThat(Deviation.ofScale(Floats.widen(scores), expectedScores)).isLessThan(EngineCheck.OUTPUT / 10);
        assertThat(Deviation.ofScale(Floats.widen(products), expectedProducts)).isLessThan(EngineCheck.OUTPUT / 10);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void lossesAndGradients(Objective objective) {
        KernelCase energy = KernelCase.of(3, 4, 1);
        Oracle.Batch batch = energy.batch(objective, ROWS, 2);
        Oracle.Result expected = energy.oracle().evaluate(objective, batch);
        double more = objective instanceof FiniteDifferenceScoreMatching ? 100 * Math.ulp(1f) / (0.3 * 0.3) : 0;
        try (ObjectiveFunction function = backend.openObjective(energy.energy(), objective)) {
            Evaluation actual =
                    function.evaluate(energy.parameters(), Floats.of(batch.inputs()), Floats.of(batch.directions()));
            assertThat(Deviation.ofScale(actual.perSample(), expected.perSample()))
                    .isLessThan(EngineCheck.OUTPUT + more);
            assertThat(actual.mean())
                    .isCloseTo(expected.mean(), within(EngineCheck.LOSS * Math.abs(expected.mean()) + 1e-6 + more));
            assertThat(Deviation.relativeNorm(Floats.widen(actual.gradient()), expected.gradient()))
                    .isLessThan(EngineCheck.GRADIENT + more);
            // Again, as what a first evaluation leaves behind must not matter.
            assertThat(function.evaluate(energy.parameters(), Floats.of(batch.inputs()), Floats.of(batch.directions()))
                            .gradient())
                    .containsExactly(actual.gradient());
        }
    }
}
