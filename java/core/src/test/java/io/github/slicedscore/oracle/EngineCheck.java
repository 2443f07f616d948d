package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a backend returns for a network and its inputs with expected values, within the tolerances that every
 * backend promises for its precision.
 */
public final class EngineCheck {
    /** Of the largest absolute value of a tensor in single precision: per-sample losses, values, scores, J v, quadratic forms. */
    public static final double OUTPUT = 1e-4;
    /** Of the mean loss in single precision, relative; {@link #LOSS_FLOOR} is added. */
    public static final double LOSS = 1e-5;
    /** Of the mean loss, absolute. */
    static final double LOSS_FLOOR = 1e-6;
    /** Of the parameter gradient in single precision, relative in the Euclidean norm. */
    public static final double GRADIENT = 1e-5;
    /**
     * Of a gradient whose terms cancel: how many times as far as it moves when every parameter is rounded once more. Others move
     * by 1e-7 or less, so that {@link #GRADIENT} holds for them.
     */
    private static final double ROUNDINGS = 20;
    /** In TF32, of everything: of the largest absolute value of a tensor, and of a gradient's norm. */
    private static final double TF32 = 5e-3;
    /** The same in BF16. */
    private static final double BF16 = 4e-2;
    /** The same as {@link #ROUNDINGS} of everything where factors are rounded to few bits: each product of the passes rounds its own two. */
    private static final double FACTOR_ROUNDINGS = 4;
    /**
     * Of finite differences: how many units in the last place of the loss or gradient the differences' terms may be off; they are
     * up to ten times as large, and each is off by some units of its own.
     */
    private static final double DIFFERENCES = 100;

    private final Backend backend;
    private final Precision precision;
    private final Architecture architecture;
    private final Parameters parameters;
    private final float[] inputs;
    private final int rows;

    /** In single precision. */
    public EngineCheck(Backend backend, Architecture architecture, float[] parameters, float[] inputs) {
        this(backend, Precision.FP32, architecture, parameters, inputs);
    }

    public EngineCheck(
            Backend backend, Precision precision, Architecture architecture, float[] parameters, float[] inputs) {
        this.backend = backend;
        this.precision = precision;
        this.architecture = architecture;
        this.parameters = Parameters.of(architecture, parameters);
        this.inputs = inputs;
        this.rows = inputs.length / architecture.inputs();
    }

    /** Checks network and objective against the oracle at the very same floats; directions serve as slices of J v, too. */
    public void checkAgainstOracle(Objective objective, float[] directions) {
        Reference oracle = Reference.of(architecture, Floats.widen(parameters.toArray()));
        Oracle.Batch batch = new Oracle.Batch(Floats.widen(inputs), Floats.widen(directions));
        checkNetwork(
                architecture.isEnergy() ? oracle.value(batch.inputs()) : null,
                oracle.score(batch.inputs()),
                directions,
                oracle.jvp(batch),
                oracle.quadratic(batch));
        Oracle.Result expected = oracle.evaluate(objective, batch);
        if (precision == Precision.FP32) {
            double moved =
                    Deviation.relativeNorm(moved().evaluate(objective, batch).gradient(), expected.gradient());
            double gradient = Math.max(GRADIENT, ROUNDINGS * moved);
            checkObjective(objective, directions, expected, single(objective, expected, gradient));
        } else {
            checkObjective(objective, directions, expected);
        }
    }

    /** With the parameters each off by a random part of half a unit in the last place that a factor of a product has. */
    private Reference moved() {
        int bits =
                switch (precision) {
                    case FP32 -> 24;
                    case TF32 -> 11;
                    case BF16 -> 8;
                };
        double place = Math.scalb(1.0, 1 - bits);
        Random random = new Random(1);
        return Reference.of(
                architecture,
                Arrays.stream(Floats.widen(parameters.toArray()))
                        .map(value -> value * (1 + place * (random.nextDouble() - 0.5)))
                        .toArray());
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
        Reference moved = moved();
        Oracle.Batch batch = new Oracle.Batch(Floats.widen(inputs), Floats.widen(slices));
        if (value != null) {
            near("value", Floats.widen(values), value, () -> moved.value(batch.inputs()));
        }
        near("score", Floats.widen(scores), score, () -> moved.score(batch.inputs()));
        near("J v", actualProducts, products, () -> moved.jvp(batch));
        near("v.J v", actualQuadratics, quadratics, () -> moved.quadratic(batch));
    }

    /** Checks per-sample losses, mean and gradient of an objective. */
    public void checkObjective(Objective objective, float[] directions, Oracle.Result expected) {
        if (precision == Precision.FP32) {
            checkObjective(objective, directions, expected, single(objective, expected, GRADIENT));
        } else {
            Oracle.Batch batch = new Oracle.Batch(Floats.widen(inputs), Floats.widen(directions));
            Oracle.Result moved = moved().evaluate(objective, batch);
            double losses = rounded(Deviation.ofScale(moved.perSample(), expected.perSample()));
            double gradient = rounded(Deviation.relativeNorm(moved.gradient(), expected.gradient()));
            Bounds bounds = new Bounds(losses, losses * size(expected.perSample()), gradient);
            checkObjective(objective, directions, expected, bounds);
        }
    }

    /**
     * How far an objective may be off.
     *
     * @param losses per-sample losses, of the largest
     * @param mean mean loss, absolute
     * @param gradient the gradient, relative in the Euclidean norm
     */
    private record Bounds(double losses, double mean, double gradient) {}

    private Bounds single(Objective objective, Oracle.Result expected, double gradient) {
        double more = differences(objective);
        double size = size(expected.perSample());
        // Tensor cores cut their sums to one side, so that errors add up in a mean whose losses cancel.
        double floor = LOSS_FLOOR * (backend.kernels().startsWith("cuda-") ? Math.max(1, size) : 1);
        double mean = LOSS * Math.abs(expected.mean()) + floor + more * size;
        return new Bounds(OUTPUT + more, mean, gradient + more);
    }

    /**
     * What differences add to every tolerance: rounding errors of s divided by eps, those of f by eps^2. With eps = 0.1 in single
     * precision that is 1.2e-4 for score networks and 1.2e-3 for energies.
     */
    private double differences(Objective objective) {
        if (objective instanceof FiniteDifferenceScoreMatching differences) {
            double eps = differences.epsilon();
            return DIFFERENCES * Math.ulp(1f) / (architecture.isEnergy() ? eps * eps : eps);
        }
        return 0;
    }

    /** The tolerance where factors are rounded to few bits, of something that moves so far with the parameters. */
    private double rounded(double moved) {
        return Math.max(precision == Precision.TF32 ? TF32 : BF16, FACTOR_ROUNDINGS * moved);
    }

    private void checkObjective(Objective objective, float[] directions, Oracle.Result expected, Bounds bounds) {
        try (ObjectiveFunction function = backend.openObjective(architecture, objective)) {
            String name = objective.id();
            Evaluation actual = function.evaluate(parameters, inputs, directions);
            near(name + " per sample", actual.perSample(), expected.perSample(), bounds.losses());
            assertThat(actual.mean()).as(name + " loss").isCloseTo(expected.mean(), within(bounds.mean()));
            assertThat(Deviation.relativeNorm(Floats.widen(actual.gradient()), expected.gradient()))
                    .as(name + " gradient")
                    .isLessThanOrEqualTo(bounds.gradient());
            near(
                    name + " losses without a gradient",
                    function.losses(parameters, inputs, directions),
                    expected.perSample(),
                    bounds.losses());
        }
    }

    private static double size(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private void near(String what, double[] actual, double[] expected, Supplier<double[]> moved) {
        double tolerance = precision == Precision.FP32 ? OUTPUT : rounded(Deviation.ofScale(moved.get(), expected));
        near(what, actual, expected, tolerance);
    }

    private static void near(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(Deviation.ofScale(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }
}
