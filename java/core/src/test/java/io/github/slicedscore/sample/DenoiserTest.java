package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Noise on Gaussians, of which the mean of what was before is known. */
class DenoiserTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /**
     * y_0 ~ N(0, C), C = [[1, 0.8], [0.8, 1]], so noised by 0.5 N(0, C + I/4), and E[y_0 | y] = C (C + I/4)^-1 y.
     * (C + I/4)^-1 = [[1.25, -0.8], [-0.8, 1.25]] / 0.9225.
     */
    @Test
    void theMeanOfAGaussianGivenItsNoisedValue() {
        float d = (float) (-1.25 / 0.9225);
        float o = (float) (0.8 / 0.9225);
        ScoreModel model = HandMadeModel.of(
                backend,
                new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS),
                new float[] {d, o, o, d, 0, 0},
                new double[] {3, -1},
                new double[] {2, 0.5});
        // y = (1, -2) and (0, 0).
        double[] clean = new Denoiser(0.5).denoise(model, new double[] {5, -2, 3, -1}, 2);
        double first = ((1.25 - 0.64) * 1 + (-0.8 + 0.8 * 1.25) * -2) / 0.9225;
        double second = ((0.8 * 1.25 - 0.8) * 1 + (1.25 - 0.64) * -2) / 0.9225;
        assertThat(clean[0]).isCloseTo(3 + 2 * first, within(1e-5));
        assertThat(clean[1]).isCloseTo(-1 + 0.5 * second, within(1e-5));
        assertThat(clean[2]).isCloseTo(3, within(1e-5));
        assertThat(clean[3]).isCloseTo(-1, within(1e-5));
    }

    /** s(y | z) = (z - y) / 1.25: a unit normal about z, noised by 0.5. */
    @Test
    void atTheConditionOfTheRow() {
        ScoreModel model = HandMadeModel.of(
                backend,
                new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS),
                new float[] {-0.8f, 0.8f, 0},
                new double[] {3, 100},
                new double[] {2, 10});
        double[] clean = new Denoiser(0.5).denoise(model, new double[] {3, 110, 3, 80}, 2);
        assertThat(clean).hasSize(2);
        assertThat(clean[0]).isCloseTo(3 + 2 * 0.2, within(1e-5));
        assertThat(clean[1]).isCloseTo(3 - 2 * 0.4, within(1e-5));
    }

    /** Zero weights, so the score is that of N(0, 1) noised, -y / (1 + sigma^2), and E[y_0 | y] = y / (1 + sigma^2). */
    @Test
    void atTheLevelAskedFor() {
        MlpOptions levels = MlpOptions.NONE.withNoiseLevels(new NoiseLevels(3, 0.1, 10));
        ScoreModel model = HandMadeModel.of(
                backend,
                new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS, levels),
                new float[3],
                new double[] {3},
                new double[] {2});
        for (double sigma : new double[] {0.1, 0.5, 3}) {
            // y = 1.
            assertThat(new Denoiser(sigma).denoise(model, new double[] {5}, 1)[0])
                    .isCloseTo(3 + 2 / (1 + sigma * sigma), within(1e-5));
        }
        assertThat(Denoiser.known(model)).isEqualTo(0.1);
        for (double sigma : new double[] {0.09, 3.1}) {
            assertThatThrownBy(() -> new Denoiser(sigma).denoise(model, new double[] {5}, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 3.0 to 0.1, not of " + sigma);
        }
    }

    @Test
    void manyRowsAndWhatIsRefused() {
        ScoreModel model = HandMadeModel.of(
                backend,
                new EnergyMlp(1, 0, List.of(), Activation.SOFTPLUS, 1),
                new float[2],
                new double[] {3},
                new double[] {2});
        double[] rows = new double[10_000];
        rows[9_999] = 7;
        double[] clean = new Denoiser(0.5).denoise(model, rows, 10_000);
        assertThat(clean[0]).isCloseTo(3 - 3 * 0.75, within(1e-5));
        assertThat(clean[9_999]).isCloseTo(3 + 4 * 0.75, within(1e-5));
        assertThatThrownBy(() -> new Denoiser(0.5).denoise(model, rows, 10_001)).hasMessageContaining("10001 rows");
        for (double sigma : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Denoiser(sigma)).hasMessageContaining("" + sigma);
        }
        assertThat(Denoiser.known(model)).isZero();
    }
}
