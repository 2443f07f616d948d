package io.github.slicedscore.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Evaluation;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.Objective;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What denoising score matching rests on (Vincent 2011): its loss is the divergence from the score of the noised data, but for a
 * constant. For data with the moments of N(0, I) and the score s(x) = -a x,
 *
 * <pre>
 * E |s(x + sigma e) + e/sigma|^2 / 2 = D/2 (1 + sigma^2) (a - 1/(1 + sigma^2))^2 + D/2 (1/sigma^2 - 1/(1 + sigma^2))
 * </pre>
 *
 * whose least value is at the score of N(0, (1 + sigma^2) I). The loss is of second degree in x and e, so rows with all
 * combinations of signs give its expectation exactly.
 */
class DenoisingTheoremTest {
    private static final int DIMENSION = 2;
    private static final int ROWS = 1 << (2 * DIMENSION);

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** s = A x + b: dL/dA = (1 + sigma^2) A + I, dL/db = b. */
    @ParameterizedTest
    @CsvSource({"1, 0.5", "0.8, 0.5", "0.2, 2", "-1, 0.1"})
    void theLeastLossIsAtTheScoreOfTheNoisedData(double a, double sigma) {
        Architecture network = new ScoreMlp(DIMENSION, 0, List.of(), Activation.SOFTPLUS);
        Evaluation found = evaluate(network, new DenoisingScoreMatching(sigma), scaled((float) -a, DIMENSION), rows());

        assertThat(mean(found.perSample())).isCloseTo(loss(a, sigma), within(1e-5 * loss(a, sigma)));
        float slope = (float) (1 - a * (1 + sigma * sigma));
        float[] expected = scaled(slope, DIMENSION);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.gradient()[i]).isCloseTo(expected[i], within(1e-4f));
        }
    }

    /** An energy that is its base alone: a = 1/s0^2. */
    @ParameterizedTest
    @CsvSource({"1, 0.5", "3, 0.5", "0.5, 1"})
    void energiesHaveTheSameLoss(double base, double sigma) {
        Architecture network = new EnergyMlp(DIMENSION, 0, List.of(), Activation.SOFTPLUS, base);
        Evaluation found = evaluate(network, new DenoisingScoreMatching(sigma), new float[DIMENSION + 1], rows());

        double expected = loss(1 / (base * base), sigma);
        assertThat(mean(found.perSample())).isCloseTo(expected, within(1e-5 * expected));
    }

    /** The network w x / r is s = -a x with a = (1 - w/sigma) / (1 + sigma^2), and the loss has the weight sigma^2. */
    @ParameterizedTest
    @CsvSource({"0, 2", "0.3, 0.5", "-0.5, 0.1"})
    void severalLevelsHaveTheirWeight(double w, double sigma) {
        NoiseLevels levels = new NoiseLevels(2, 0.1, 5);
        Architecture network =
                new ScoreMlp(DIMENSION, 1, List.of(), Activation.SOFTPLUS, MlpOptions.NONE.withNoiseLevels(levels));
        Evaluation found = evaluate(
                network,
                new MultiLevelDenoisingScoreMatching(levels),
                scaled((float) w, DIMENSION + 1),
                NoiseLevels.append(rows(), ROWS, DIMENSION, sigma));

        double expected = sigma * sigma * loss((1 - w / sigma) / (1 + sigma * sigma), sigma);
        assertThat(mean(found.perSample())).isCloseTo(expected, within(1e-5 * expected));
    }

    private static double loss(double a, double sigma) {
        double variance = 1 + sigma * sigma;
        double off = a - 1 / variance;
        return 0.5 * DIMENSION * (variance * off * off + 1 / (sigma * sigma) - 1 / variance);
    }

    private static Evaluation evaluate(Architecture network, Objective objective, float[] parameters, float[] inputs) {
        float[] noise = new float[ROWS * DIMENSION];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = sign(i / DIMENSION, DIMENSION + i % DIMENSION);
        }
        try (ObjectiveFunction function = backend.openObjective(network, objective)) {
            return function.evaluate(Parameters.of(network, parameters), inputs, noise);
        }
    }

    /** x of each row, [ROWS, DIMENSION]. */
    private static float[] rows() {
        float[] rows = new float[ROWS * DIMENSION];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = sign(i / DIMENSION, i % DIMENSION);
        }
        return rows;
    }

    private static float sign(int row, int bit) {
        return (row >> bit & 1) * 2 - 1;
    }

    /** Parameters of x -> factor x without a bias: W [DIMENSION, inputs], b. */
    private static float[] scaled(float factor, int inputs) {
        float[] parameters = new float[DIMENSION * inputs + DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            parameters[i * inputs + i] = factor;
        }
        return parameters;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value / values.length;
        }
        return sum;
    }
}
