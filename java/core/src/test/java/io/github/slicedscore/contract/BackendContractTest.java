package io.github.slicedscore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.oracle.EngineCheck;
import io.github.slicedscore.oracle.Floats;
import io.github.slicedscore.oracle.GoldenCase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every backend owes: networks and objectives as the golden values and the oracle have them. A failing test's name
 * holds all that is needed to run it again.
 */
public abstract class BackendContractTest {
    /** An open backend, the same for all tests of the class. */
    protected abstract Backend backend();

    /** Whether its kernels know an objective; it refuses the others by name. */
    protected boolean knows(Objective objective) {
        return true;
    }

    @TestFactory
    Stream<DynamicTest> matchesGoldenValues() {
        return GoldenCase.all().stream().map(golden -> dynamicTest(golden.name(), () -> check(golden)));
    }

    @TestFactory
    Stream<DynamicTest> matchesOracle() {
        List<Cell> cells = Cell.all();
        if (!Boolean.getBoolean("slicedscore.contract.full")) {
            assertThat(cells).hasSizeLessThanOrEqualTo(80);
        }
        return cells.stream()
                .map(cell -> dynamicTest(cell.toString(), () -> new EngineCheck(
                                backend(), cell.architecture(), cell.parameters(), cell.inputs())
                        .checkAgainstOracle(cell.objective(), cell.directions())));
    }

    /** More rows than any backend takes at once, in two slices, whose parts lie apart. */
    @Test
    void manyRowsAreAsFew() {
        Slices slices = new Slices(2, Projection.GAUSSIAN);
        for (Objective objective : List.of(
                new SlicedScoreMatching(slices),
                new VarianceReducedScoreMatching(slices),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.3))) {
            Cell cell = new Cell(new EnergyMlp(2, 1, List.of(3), Activation.TANH, 2), objective, 2500, 1);
            new EngineCheck(backend(), cell.architecture(), cell.parameters(), cell.inputs())
                    .checkAgainstOracle(objective, cell.directions());
        }
    }

    private void check(GoldenCase golden) {
        EngineCheck engine = new EngineCheck(
                backend(),
                golden.architecture(),
                Floats.of(golden.parameters()),
                Floats.of(golden.batch().inputs()));
        float[] slices = Floats.of(golden.batch().directions());
        engine.checkNetwork(
                golden.architecture() instanceof EnergyMlp ? golden.expected("value") : null,
                golden.expected("score"),
                slices,
                golden.expected("jvp"),
                golden.expected("quadratic"));
        for (Objective objective : golden.objectives()) {
            if (!knows(objective)) {
                assertThatThrownBy(() -> backend().openObjective(golden.architecture(), objective))
                        .isInstanceOf(NotSupportedException.class)
                        .hasMessageContaining(objective.id());
                continue;
            }
            float[] directions = Floats.of(golden.directions(objective));
            engine.checkObjective(objective, directions, golden.expectedResult(objective.id()));
            engine.checkAgainstOracle(objective, directions);
        }
    }
}
