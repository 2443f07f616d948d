package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a backend returns for a network and its inputs with expected values, within the tolerances that every
 * backend promises.
 */
public final class EngineCheck {
    /** Of the largest absolute value of a tensor: per-sample losses, values, scores, J v and quadratic forms. */
    static final double OUTPUT = 1e-4;
    /** Of the mean loss, relative; {@link #LOSS_FLOOR} is added. */
    static final double LOSS = 1e-5;
    /** Of the mean loss, absolute. */
    static final double LOSS_FLOOR = 1e-6;
    /** Of the parameter gradient, relative in the Euclidean norm. */
    static final double GRADIENT = 1e-5;
    /**
     * Of a gradient whose terms cancel: how many times as far as it moves when every parameter is rounded once more. Others move
     * by 1e-7 or less, so that {@link #GRADIENT} holds for them.
     */
    private static final double ROUNDINGS = 20;
    /**
     * Of finite differences: how many units in the last place of the loss or gradient the differences' terms may be off; they are
     * up to ten times as large, and each is off by some units of its own.
     */
    private static final double DIFFERENCES = 100;

    private final Backend backend;
    private final Architecture architecture;
    private final Parameters parameters;
    private final float[] inputs;
    private final int rows;

    public EngineCheck(Backend backend, Architecture architecture, float[] parameters, float[] inputs) {
        this.backend = backend;
        this.architecture = architecture;
        this.parameters = Parameters.of(architecture, parameters);
        this.inputs = inputs;
        this.rows = inputs.length / architecture.inputs();
    }

    /** Checks network and objective against the oracle at the very same floats; directions serve as slices of J v, too. */
    public void checkAgainstOracle(Objective objective, float[] directions) {
        Oracle oracle = new Oracle(architecture, Floats.widen(parameters.toArray()));
        Oracle.Batch batch = new Oracle.Batch(Floats.widen(inputs), Floats.widen(directions));
        checkNetwork(
                architecture instanceof EnergyMlp ? oracle.value(batch.inputs()) : null,
                oracle.score(batch.inputs()),
                directions,
                oracle.jvp(batch),
                oracle.quadratic(batch));
        Oracle.Result expected = oracle.evaluate(objective, batch);
        double moved = Deviation.relativeNorm(
                new Oracle(architecture, rounded()).evaluate(objective, batch).gradient(), expected.gradient());
        checkObjective(objective, directions, expected, Math.max(GRADIENT, ROUNDINGS * moved));
    }

    /** The parameters, each off by a random part of half a unit in its last place. */
    private double[] rounded() {
        Random random = new Random(1);
        return Arrays.stream(Floats.widen(parameters.toArray()))
                .map(value -> value * (1 + Math.ulp(1f) * (random.nextDouble() - 0.5)))
                .toArray();
    }

    /** Checks f (energies; else null), s, J v and v.J v for slices [M, N, D]. */
    public void checkNetwork(
            double @Nullable [] value, double[] score, float[] slices, double[] products, double[] quadratics) {
        int dimension = architecture.dimension();
        float[] values = new float[rows];
        float[] scores = new float[rows * dimension];
        double[] actualProducts = new double[slices.length];
        double[] actualQuadratics = new double[quadratics.length];
        try (Scorer scorer = backend.openScorer(architecture, parameters)) {
            scorer.evaluate(inputs, rows, value == null ? null : values, scores);
            for (int from = 0; from < slices.length; from += scores.length) {
                float[] directions = Arrays.copyOfRange(slices, from, from + scores.length);
                float[] product = new float[scores.length];
                scorer.jvp(inputs, directions, rows, product);
                System.arraycopy(Floats.widen(product), 0, actualProducts, from, scores.length);
            }
        }
        for (int i = 0; i < slices.length; i++) {
            actualQuadratics[i / dimension] += slices[i] * actualProducts[i];
        }
        if (value != null) {
            near("value", Floats.widen(values), value);
        }
        near("score", Floats.widen(scores), score);
        near("J v", actualProducts, products);
        near("v.J v", actualQuadratics, quadratics);
    }

    /** Checks per-sample losses, mean and gradient of an objective. */
    public void checkObjective(Objective objective, float[] directions, Oracle.Result expected) {
        checkObjective(objective, directions, expected, GRADIENT);
    }

    /**
     * What differences add to every tolerance: rounding errors of s divided by eps, those of f by eps^2. With eps = 0.1 in single
     * precision that is 1.2e-4 for score networks and 1.2e-3 for energies.
     */
    private double differences(Objective objective) {
        if (objective instanceof FiniteDifferenceScoreMatching differences) {
            double eps = differences.epsilon();
            return DIFFERENCES * Math.ulp(1f) / (architecture instanceof EnergyMlp ? eps * eps : eps);
        }
        return 0;
    }

    private void checkObjective(Objective objective, float[] directions, Oracle.Result expected, double gradient) {
        try (ObjectiveFunction function = backend.openObjective(architecture, objective)) {
            String name = objective.id();
            double more = differences(objective);
            Evaluation actual = function.evaluate(parameters, inputs, directions);
            near(name + " per sample", actual.perSample(), expected.perSample(), OUTPUT + more);
            assertThat(actual.mean())
                    .as(name + " loss")
                    .isCloseTo(
                            expected.mean(),
                            within(LOSS * Math.abs(expected.mean()) + LOSS_FLOOR + more * size(expected.perSample())));
            assertThat(Deviation.relativeNorm(Floats.widen(actual.gradient()), expected.gradient()))
                    .as(name + " gradient")
                    .isLessThanOrEqualTo(gradient + more);
            near(
                    name + " losses without a gradient",
                    function.losses(parameters, inputs, directions),
                    expected.perSample(),
                    OUTPUT + more);
        }
    }

    private static double size(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static void near(String what, double[] actual, double[] expected) {
        near(what, actual, expected, OUTPUT);
    }

    private static void near(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(Deviation.ofScale(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }
}
