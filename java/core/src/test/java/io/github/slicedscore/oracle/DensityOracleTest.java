package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle of formulas against differences of itself, and against that of jets where both know the network. */
class DensityOracleTest {
    private static final double STEP = 1e-5;
    private static final int ROWS = 2;
    private static final Slices SLICES = new Slices(2, Projection.GAUSSIAN);
    private static final KnownScore TRUTH = (x, into) -> {
        into[0] = -x[0] + 0.3 * x[1];
        into[1] = 0.5 * x[0] * x[1] - 1;
        into[2] = -x[2];
    };

    static Stream<Objective> objectives() {
        return Stream.of(
                new MaximumLikelihood(),
                new SlicedScoreMatching(SLICES),
                new VarianceReducedScoreMatching(SLICES),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.4),
                new FiniteDifferenceScoreMatching(SLICES, 0.1),
                new ExplicitFisherDivergence(TRUTH),
                new SlicedFisherDivergence(TRUTH, SLICES));
    }

    private static double[] uniforms(int count, long seed) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }

    private static double difference(DoubleUnaryOperator function) {
        return (function.applyAsDouble(STEP) - function.applyAsDouble(-STEP)) / (2 * STEP);
    }

    private static double[] moved(double[] values, int index, double t) {
        double[] moved = values.clone();
        moved[index] += t;
        return moved;
    }

    @ParameterizedTest
    @EnumSource
    void derivativesInX(Nice.Prior prior) {
        Nice nice = new Nice(3, List.of(4), Activation.TANH, 3, prior);
        Reference oracle = Reference.of(nice, uniforms(nice.layout().size(), 1));
        double[] x = uniforms(3, 2);
        double[] v = uniforms(3, 3);
        double[] score = oracle.score(x);
        double[] product = oracle.jvp(new Oracle.Batch(x, v));
        double quadratic = 0;
        for (int i = 0; i < 3; i++) {
            int index = i;
            assertThat(score[i]).isCloseTo(difference(t -> oracle.value(moved(x, index, t))[0]), within(1e-8));
            double expected = difference(
                    t -> oracle.score(new double[] {x[0] + t * v[0], x[1] + t * v[1], x[2] + t * v[2]})[index]);
            assertThat(product[i]).isCloseTo(expected, within(1e-8));
            quadratic += v[i] * product[i];
        }
        assertThat(oracle.quadratic(new Oracle.Batch(x, v))[0]).isCloseTo(quadratic, within(1e-13));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientsOfLosses(Objective objective) {
        Nice nice = new Nice(3, List.of(3), Activation.SOFTPLUS, 2, Nice.Prior.LOGISTIC);
        double[] parameters = uniforms(nice.layout().size(), 1);
        Oracle.Batch at = new Oracle.Batch(uniforms(3 * ROWS, 2), uniforms(objective.directions() * ROWS * 3, 3));
        double[] gradient =
                Reference.of(nice, parameters).evaluate(objective, at).gradient();
        for (int i = 0; i < parameters.length; i++) {
            int index = i;
            double expected = difference(t -> Reference.of(nice, moved(parameters, index, t))
                    .evaluate(objective, at)
                    .mean());
            assertThat(gradient[i]).isCloseTo(expected, within(1e-7 * (1 + Math.abs(expected))));
        }
    }

    /** An affine energy without a base is a formula, too: f = w.x + b. */
    @Test
    void agreesWithTheOracleOfJets() {
        EnergyMlp affine = new EnergyMlp(3, 0, List.of(), Activation.TANH, 0);
        double[] parameters = uniforms(4, 1);
        Reference formula = new DensityOracle(
                affine, parameters, (x, w) -> Variable.dot(x, w).plus(w[3]));
        Oracle jets = new Oracle(affine, parameters);
        objectives()
                .filter(objective -> !(objective instanceof MaximumLikelihood))
                .forEach(objective -> {
                    Oracle.Batch at =
                            new Oracle.Batch(uniforms(3 * ROWS, 2), uniforms(objective.directions() * ROWS * 3, 3));
                    Oracle.Result found = formula.evaluate(objective, at);
                    Oracle.Result wanted = jets.evaluate(objective, at);
                    assertThat(found.perSample()).as(objective.id()).containsExactly(wanted.perSample(), within(1e-11));
                    assertThat(found.gradient()).as(objective.id()).containsExactly(wanted.gradient(), within(1e-11));
                });
    }
}
