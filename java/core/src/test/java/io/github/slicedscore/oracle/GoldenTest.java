package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The oracle against the golden values, case by case; {@code -Dgolden.dir} names other cases. */
class GoldenTest {
    private static final double ORACLE = 1e-12;

    @TestFactory
    Stream<DynamicTest> oracleMatches() {
        return GoldenCase.all().stream().map(golden -> dynamicTest(golden.name(), () -> checkOracle(golden)));
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
        for (Objective objective : golden.objectives()) {
            String name = objective.id();
            Oracle.Result expected = golden.expectedResult(name);
            Oracle.Result actual =
                    oracle.evaluate(objective, new Oracle.Batch(batch.inputs(), golden.directions(objective)));
            double tolerance = ORACLE;
            if (objective instanceof FiniteDifferenceScoreMatching differences) {
                // a second difference of near-equal numbers is divided by eps^2, and so are their rounding errors
                tolerance /= differences.epsilon() * differences.epsilon();
            }
            same(name + " per sample", actual.perSample(), expected.perSample(), tolerance);
            double size = DoubleStream.concat(
                            DoubleStream.of(expected.perSample()), DoubleStream.of(golden.expected("quadratic")))
                    .map(Math::abs)
                    .max()
                    .orElseThrow();
            assertThat(actual.mean()).as(name + " loss").isCloseTo(expected.mean(), within(tolerance * size));
            same(name + " gradient", actual.gradient(), expected.gradient(), tolerance);
        }
    }

    private static void same(String what, double[] actual, double[] expected) {
        same(what, actual, expected, ORACLE);
    }

    private static void same(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(Deviation.ofScale(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }
}
