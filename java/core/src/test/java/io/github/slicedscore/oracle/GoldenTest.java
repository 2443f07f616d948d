package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The oracle and the processor's engine against the golden values, case by case; {@code -Dgolden.dir} names other cases. */
class GoldenTest {
    private static final double ORACLE = 1e-12;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @TestFactory
    Stream<DynamicTest> oracleMatches() {
        return GoldenCase.all().stream().map(golden -> dynamicTest(golden.name(), () -> checkOracle(golden)));
    }

    @TestFactory
    Stream<DynamicTest> engineMatches() {
        return GoldenCase.all().stream().map(golden -> dynamicTest(golden.name(), () -> checkEngine(golden)));
    }

    private static void checkOracle(GoldenCase golden) {
        Oracle oracle = new Oracle(golden.architecture(), golden.parameters());
        Oracle.Batch batch = golden.batch();
        if (golden.architecture() instanceof EnergyMlp) {
            same("value", oracle.value(batch.inputs()), golden.expected("value"));
        }
        same("score", oracle.score(batch.inputs()), golden.expected("score"));
        same("jvp", oracle.jvp(batch), golden.expected("jvp"));
        same("quadratic", oracle.quadratic(batch), golden.expected("quadratic"));
        same("projected", oracle.projected(batch), golden.expected("projected"));
        for (String objective : List.of("ssm", "ssm-vr", "exact", "dsm", "fd-ssm")) {
            Oracle.Result expected = golden.expectedResult(objective);
            Oracle.Result actual = oracle.evaluate(objective, batch);
            // a second difference of near-equal numbers is divided by h^2, and so are their rounding errors
            double tolerance = objective.equals("fd-ssm") ? ORACLE / (batch.step() * batch.step()) : ORACLE;
            same(objective + " per sample", actual.perSample(), expected.perSample(), tolerance);
            double size = DoubleStream.concat(
                            DoubleStream.of(expected.perSample()), DoubleStream.of(golden.expected("quadratic")))
                    .map(Math::abs)
                    .max()
                    .orElseThrow();
            assertThat(actual.mean()).as(objective + " loss").isCloseTo(expected.mean(), within(tolerance * size));
            same(objective + " gradient", actual.gradient(), expected.gradient(), tolerance);
        }
    }

    private static void same(String what, double[] actual, double[] expected) {
        same(what, actual, expected, ORACLE);
    }

    private static void same(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(Deviation.ofScale(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }

    private static void checkEngine(GoldenCase golden) {
        EngineCheck engine = new EngineCheck(
                backend,
                golden.architecture(),
                Floats.of(golden.parameters()),
                Floats.of(golden.batch().inputs()));
        float[] slices = Floats.of(golden.batch().slices());
        engine.checkNetwork(
                golden.architecture() instanceof EnergyMlp ? golden.expected("value") : null,
                golden.expected("score"),
                slices,
                golden.expected("jvp"),
                golden.expected("quadratic"));
        Slices kind = new Slices(
                golden.expected("quadratic").length / golden.expected("trace").length, Projection.RADEMACHER);
        for (Objective objective : List.of(new SlicedScoreMatching(kind), new VarianceReducedScoreMatching(kind))) {
            engine.checkObjective(objective, slices, golden.expectedResult(objective.id()));
            engine.checkAgainstOracle(objective, slices);
        }
    }
}
