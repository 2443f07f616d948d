package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks whose score and losses can be written down, so that a flipped sign anywhere shows: s = +grad f, q = +v.J v, J
 * and not its transpose. Expected values are worked out here by hand, without the oracle.
 */
class SignTest {
    private static final Slices TWO_SIGNS = new Slices(2, Projection.RADEMACHER);

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** s = A x + C c + b, one row x = (0.5, 1), c = 2, with A = [[-2, 3], [0, 1]]: s = (-1 + 3 - 1 + 0.25, 1 + 4 - 0.5). */
    @Test
    void affineScoreNetwork() {
        Architecture architecture = new ScoreMlp(2, 1, List.of(), Activation.SOFTPLUS);
        float[] parameters = {-2, 3, -0.5f, 0, 1, 2, 0.25f, -0.5f};
        float[] x = {0.5f, 1, 2};
        float[] slices = {1, -1, -1, -1};
        EngineCheck engine = new EngineCheck(backend, architecture, parameters, x);

        double[] s = {1.25, 4.5};
        double[] products = {-5, -1, -1, -1};
        double[] q = {-4, 2};
        engine.checkNetwork(null, s, slices, products, q);

        // p = 1.25 - 4.5 and -1.25 - 4.5; mean q = -1 = tr A
        double ssm = -1 + (3.25 * 3.25 + 5.75 * 5.75) / 4;
        double vr = -1 + (1.25 * 1.25 + 4.5 * 4.5) / 2;
        // d/dA = mean v v^T + (mean_m p v) x^T, and p v averages to (1.25, 4.5) for these two slices, as s does
        double[] gradient = {1 + 1.25 * 0.5, 1.25, 2.5, 4.5 * 0.5, 1 + 4.5, 9, 1.25, 4.5};
        engine.checkObjective(
                new SlicedScoreMatching(TWO_SIGNS), slices, new Oracle.Result(new double[] {ssm}, ssm, gradient));
        engine.checkObjective(
                new VarianceReducedScoreMatching(TWO_SIGNS),
                slices,
                new Oracle.Result(new double[] {vr}, vr, gradient));
    }

    /** f = w.x - |x|^2/8 + 3 (base 2): s = w - x/4, J = -I/4. */
    @Test
    void affineEnergyWithBase() {
        Architecture architecture = new EnergyMlp(2, 0, List.of(), Activation.SOFTPLUS, 2);
        float[] parameters = {1, -2, 3};
        float[] x = {2, 4};
        float[] slices = {1, -1, 1, 1};
        EngineCheck engine = new EngineCheck(backend, architecture, parameters, x);

        double[] s = {0.5, -3};
        engine.checkNetwork(
                new double[] {2 - 8 - 20.0 / 8 + 3}, s, slices, new double[] {-0.25, 0.25, -0.25, -0.25}, new double[] {
                    -0.5, -0.5
                });

        // p = 3.5 and -2.5; d/dw of p^2/2 is p v, of |s|^2/2 is s
        double ssm = -0.5 + (3.5 * 3.5 + 2.5 * 2.5) / 4;
        double vr = -0.5 + (0.25 + 9) / 2;
        double[] gradient = {0.5, -3, 0};
        engine.checkObjective(
                new SlicedScoreMatching(TWO_SIGNS), slices, new Oracle.Result(new double[] {ssm}, ssm, gradient));
        engine.checkObjective(
                new VarianceReducedScoreMatching(TWO_SIGNS),
                slices,
                new Oracle.Result(new double[] {vr}, vr, gradient));
    }

    /** f = w2 act(w1 x + b1): s = w2 w1 act', J = w2 w1^2 act''; the loss's gradient in w2 is J + s^2 / w2. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void oneUnitEnergy(Activation activation) {
        Architecture architecture = new EnergyMlp(1, 0, List.of(1), activation, 0);
        double w1 = -1.5;
        double b1 = 0.25;
        double w2 = 2;
        float[] x = {-0.5f};
        double z = w1 * x[0] + b1;
        double s = w2 * w1 * activation.first(z);
        double q = w2 * w1 * w1 * activation.second(z);
        float[] slices = {1, -1};
        double f = w2 * activation.value(z) + 0.5;

        EngineCheck engine = new EngineCheck(backend, architecture, new float[] {-1.5f, 0.25f, 2, 0.5f}, x);
        engine.checkNetwork(new double[] {f}, new double[] {s}, slices, new double[] {q, -q}, new double[] {q, q});

        double loss = q + s * s / 2;
        double dz = w2 * w1 * w1 * activation.third(z) + s * w2 * w1 * activation.second(z);
        double dw1 = dz * x[0] + 2 * q / w1 + s * s / w1;
        double[] gradient = {dw1, dz, (q + s * s) / w2, 0};
        Oracle.Result expected = new Oracle.Result(new double[] {loss}, loss, gradient);
        engine.checkObjective(new SlicedScoreMatching(TWO_SIGNS), slices, expected);
        engine.checkObjective(new VarianceReducedScoreMatching(TWO_SIGNS), slices, expected);
    }

    /** The log-density of a standard normal is highest at its mean, and its score points there. */
    @Test
    void energiesArePlusLogDensity() {
        Oracle oracle = new Oracle(new EnergyMlp(3, 0, List.of(), Activation.TANH, 1), new double[4]);
        double[] inputs = {0, 0, 0, 1, -2, 3};
        assertThat(oracle.value(inputs)).containsExactly(new double[] {0, -7}, within(1e-15));
        assertThat(oracle.score(inputs)).containsExactly(new double[] {0, 0, 0, -1, 2, -3}, within(1e-15));
    }
}
