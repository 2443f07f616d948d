package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
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
    private static final List<Integer> HIDDEN = List.of(5, 4);

    @TestFactory
    Stream<DynamicTest> derivatives() {
        return Stream.of(Activation.values())
                .filter(activation -> activation.smoothness() == Activation.Smoothness.ANALYTIC)
                .flatMap(activation -> Stream.of(
                        new ScoreMlp(DIMENSION, CONDITIONS, HIDDEN, activation),
                        new EnergyMlp(DIMENSION, CONDITIONS, HIDDEN, activation, 1.5)))
                .map(architecture -> dynamicTest(architecture.toString(), () -> check(architecture)));
    }

    private static void check(Architecture architecture) {
        Random random = new Random(5);
        double[] parameters = uniforms(ParameterLayout.of(architecture).size(), random);
        double[] inputs = uniforms(ROWS * architecture.inputs(), random);
        double[] slices = uniforms(2 * ROWS * DIMENSION, random);
        Oracle.Batch batch = new Oracle.Batch(inputs, slices, uniforms(ROWS * DIMENSION, random), 0.4, 0.1);
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
        for (String objective : List.of("ssm", "ssm-vr", "exact", "dsm", "fd-ssm")) {
            double[] gradient = oracle.evaluate(objective, batch).gradient();
            for (int i = 0; i < parameters.length; i++) {
                int index = i;
                double difference = difference(t -> {
                    double[] moved = parameters.clone();
                    moved[index] += t;
                    return new Oracle(architecture, moved)
                            .evaluate(objective, batch)
                            .mean();
                });
                close(objective + " gradient " + i, gradient[i], difference);
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
