package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finite differences against the derivatives that they stand for: the error that falls with epsilon, and the one that grows. */
class FiniteDifferencesTest {
    private static final int DIMENSION = 6;
    private static final int ROWS = 256;
    private static final Slices SLICES = new Slices(1, Projection.RADEMACHER);

    private static Backend backend;
    private static float[] x;
    private static float[] v;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
        x = new float[ROWS * DIMENSION];
        v = new float[ROWS * DIMENSION];
        Philox philox = new Philox();
        philox.normals(31, 0, RandomStream.TOY, 0, 0, x, 0, x.length);
        philox.signs(31, 0, RandomStream.SLICES, 0, 0, v, 0, v.length);
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** Where rounding is negligible, half the epsilon leaves a quarter of the error, in losses and in the gradient. */
    @ParameterizedTest
    @EnumSource
    void errorFallsAsTheSquareOfEpsilon(RandomNetwork.Kind kind) {
        RandomNetwork network = RandomNetwork.of(kind, DIMENSION, 16, 1);
        double[] wide = errors(network, 0.2);
        double[] narrow = errors(network, 0.1);
        assertThat(wide[0] / narrow[0]).as("losses").isBetween(3.8, 4.2);
        assertThat(wide[1] / narrow[1]).as("gradient").isBetween(3.8, 4.2);
    }

    /** The epsilon that the objective's javadoc recommends is better than one a tenth or ten times as large, and as good as said there. */
    @ParameterizedTest
    @EnumSource
    void recommendedEpsilonIsNearTheBest(RandomNetwork.Kind kind) {
        RandomNetwork network = RandomNetwork.of(kind, DIMENSION, 16, 1);
        boolean score = kind == RandomNetwork.Kind.SCORE;
        double best = score ? 0.003 : 0.02;
        double[] errors = errors(network, best);
        double[] rounded = errors(network, best / 10);
        double[] truncated = errors(network, best * 10);
        for (int i = 0; i < 2; i++) {
            assertThat(errors[i]).isLessThan(rounded[i]).isLessThan(truncated[i]);
        }
        assertThat(errors[0]).as("losses").isLessThan(score ? 5e-5 : 5e-3);
        assertThat(errors[1]).as("gradient").isLessThan(score ? 2e-5 : 2e-3);
    }

    /** Relative errors, in the Euclidean norm, of the per-sample losses and of the gradient. */
    private static double[] errors(RandomNetwork network, double epsilon) {
        Evaluation exact = evaluate(network, new SlicedScoreMatching(SLICES));
        Evaluation differences = evaluate(network, new FiniteDifferenceScoreMatching(SLICES, epsilon));
        return new double[] {
            Deviation.relativeNorm(differences.perSample(), exact.perSample()),
            Deviation.relativeNorm(Floats.widen(differences.gradient()), Floats.widen(exact.gradient()))
        };
    }

    private static Evaluation evaluate(RandomNetwork network, Objective objective) {
        try (ObjectiveFunction function = backend.openObjective(network.architecture(), objective)) {
            return function.evaluate(network.parameters(), x, v);
        }
    }
}
