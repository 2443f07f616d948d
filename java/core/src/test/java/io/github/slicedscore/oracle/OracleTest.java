package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.KnownScore;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The oracle against central differences of itself: f gives s, s gives J v, losses give their gradients. */
class OracleTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-7;
    private static final int ROWS = 3;
    private static final int DIMENSION = 2;
    private static final int CONDITIONS = 1;
    private static final List<Integer> HIDDEN = List.of(5, 4, 4);
    private static final NoiseLevels LEVELS = new NoiseLevels(2, 0.1, 5);
    private static final MlpOptions OPTIONS = MlpOptions.NONE
            .withResidual(true)
            .withFourier(new FourierFeatures(3, 1.5, 4))
            .withNoiseLevels(LEVELS);
    private static final Slices SLICES = new Slices(2, Projection.GAUSSIAN);
    private static final KnownScore TRUTH = (x, into) -> {
        into[0] = -x[0] + 0.3 * x[1];
        into[1] = 0.5 * x[0] * x[1] - 1;
    };
    private static final List<Objective> OBJECTIVES = List.of(
            new SlicedScoreMatching(SLICES),
            new VarianceReducedScoreMatching(SLICES),
            new ExactScoreMatching(),
            new DenoisingScoreMatching(0.4),
            new FiniteDifferenceScoreMatching(SLICES, 0.1),
            new ExplicitFisherDivergence(TRUTH),
            new SlicedFisherDivergence(TRUTH, SLICES),
            new MultiLevelDenoisingScoreMatching(LEVELS),
            new MultiLevelVarianceReducedScoreMatching(LEVELS, SLICES));

    @TestFactory
    Stream<DynamicTest> derivatives() {
        return Stream.of(Activation.values())
                .filter(activation -> activation.smoothness() == Activation.Smoothness.ANALYTIC)
                .flatMap(activation -> Stream.of(MlpOptions.NONE, OPTIONS)
                        .flatMap(options -> Stream.of(
                                new ScoreMlp(DIMENSION, CONDITIONS, HIDDEN, activation, options),
                                new EnergyMlp(DIMENSION, CONDITIONS, HIDDEN, activation, 1.5, options))))
                .map(architecture -> dynamicTest(architecture.toString(), () -> check(architecture)));
    }

    private static void check(Architecture architecture) {
        Random random = new Random(5);
        double[] parameters = uniforms(ParameterLayout.of(architecture).size(), random);
        double[] inputs = uniforms(ROWS * architecture.inputs(), random);
        double[] slices = uniforms(2 * ROWS * DIMENSION, random);
        Oracle.Batch batch = new Oracle.Batch(inputs, slices);
        Oracle oracle = new Oracle(architecture, parameters);

        double[] products = oracle.jvp(batch);
        for (int i = 0; i < slices.length; i++) {
            int row = i / DIMENSION % ROWS;
            int column = i % DIMENSION;
            int slice = i - column;
            double difference =
                    difference(t -> oracle.score(moved(inputs, row, slices, slice, t))[row * DIMENSION + column]);
            close("J v", products[i], difference);
        }
        if (architecture instanceof EnergyMlp) {
            double[] projected = oracle.projected(batch);
            for (int i = 0; i < projected.length; i++) {
                int row = i % ROWS;
                int slice = i * DIMENSION;
                close("v.s", projected[i], difference(t -> oracle.value(moved(inputs, row, slices, slice, t))[row]));
            }
        }
        for (Objective objective : OBJECTIVES) {
            if (objective.noiseLevels().isPresent()
                    && architecture.noiseLevels().isEmpty()) {
                continue;
            }
            Oracle.Batch at = new Oracle.Batch(inputs, uniforms(objective.directions() * ROWS * DIMENSION, random));
            double[] gradient = oracle.evaluate(objective, at).gradient();
            for (int i = 0; i < parameters.length; i++) {
                int index = i;
                double difference = difference(t -> {
                    double[] moved = parameters.clone();
                    moved[index] += t;
                    return new Oracle(architecture, moved)
                            .evaluate(objective, at)
                            .mean();
                });
                close(objective.id() + " gradient " + i, gradient[i], difference);
            }
        }
    }

    /** The inputs with one row moved by t along the slice that starts at an index; its condition stays. */
    private static double[] moved(double[] inputs, int row, double[] slices, int slice, double t) {
        double[] moved = inputs.clone();
        for (int i = 0; i < DIMENSION; i++) {
            moved[row * (DIMENSION + CONDITIONS) + i] += t * slices[slice + i];
        }
        return moved;
    }

    private static double difference(DoubleUnaryOperator function) {
        return (function.applyAsDouble(STEP) - function.applyAsDouble(-STEP)) / (2 * STEP);
    }

    private static void close(String what, double actual, double difference) {
        assertThat(Math.abs(actual - difference)).as(what).isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(difference)));
    }

    private static double[] uniforms(int count, Random random) {
        return random.doubles(count, -1, 1).toArray();
    }
}
