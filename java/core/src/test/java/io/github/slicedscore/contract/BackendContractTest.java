package io.github.slicedscore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.Precision;
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
import java.util.stream.IntStream;
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

    /** What it multiplies matrices in. */
    protected Precision precision() {
        return Precision.FP32;
    }

    /** Of how many cases one is checked: 1 for all. */
    protected int stride() {
        return 1;
    }

    private <T> Stream<T> some(List<T> all) {
        return IntStream.range(0, all.size()).filter(i -> i % stride() == 0).mapToObj(all::get);
    }

    @TestFactory
    Stream<DynamicTest> matchesGoldenValues() {
        return some(GoldenCase.all()).map(golden -> dynamicTest(golden.name(), () -> check(golden)));
    }

    @TestFactory
    Stream<DynamicTest> matchesOracle() {
        List<Cell> cells = Cell.all();
        if (!Boolean.getBoolean("slicedscore.contract.full")) {
            assertThat(cells).hasSizeLessThanOrEqualTo(80);
        }
        return some(cells)
                .map(cell -> dynamicTest(
                        cell.toString(), () -> engine(cell).checkAgainstOracle(cell.objective(), cell.directions())));
    }

    /** More rows than any backend takes at once, in two slices, whose parts lie apart. */
    @Test
    void manyRowsAreAsFew() {
        assumeTrue(stride() == 1, "rows in parts are no matter of precision");
        Slices slices = new Slices(2, Projection.GAUSSIAN);
        for (Objective objective : List.of(
                new SlicedScoreMatching(slices),
                new VarianceReducedScoreMatching(slices),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.3))) {
            Cell cell = new Cell(new EnergyMlp(2, 1, List.of(3), Activation.TANH, 2), objective, 2500, 1);
            engine(cell).checkAgainstOracle(objective, cell.directions());
        }
    }

    private EngineCheck engine(Cell cell) {
        return new EngineCheck(backend(), precision(), cell.architecture(), cell.parameters(), cell.inputs());
    }

    private void check(GoldenCase golden) {
        EngineCheck engine = new EngineCheck(
                backend(),
                precision(),
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
