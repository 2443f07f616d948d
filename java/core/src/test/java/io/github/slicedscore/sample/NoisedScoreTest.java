package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers and likelihoods of models with noise levels, written down by hand. */
class NoisedScoreTest {
    private static final NoiseLevels LEVELS = new NoiseLevels(10, 0.1, 8);
    private static final MlpOptions OPTIONS = MlpOptions.NONE.withNoiseLevels(LEVELS);

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** With a network of zeros s = -x/(1 + sigma^2): N(3, 2^2) in the first column, N(-1, 0.25^2) in the second, noised. */
    private static ScoreModel normal() {
        return normal(backend);
    }

    private static ScoreModel normal(Backend backend) {
        Architecture architecture = new ScoreMlp(2, 1, List.of(), Activation.SOFTPLUS, OPTIONS);
        return HandMadeModel.of(backend, architecture, new float[8], new double[] {3, -1}, new double[] {2, 0.25});
    }

    /** net = 0.5 y/r + 2 c - log sigma + 1, so s = -y/(1 + sigma^2) + net/(sigma r), r^2 = 1 + sigma^2, c = (year - 100)/10. */
    private static ScoreModel conditioned() {
        Architecture architecture = new ScoreMlp(1, 2, List.of(), Activation.SOFTPLUS, OPTIONS);
        float[] parameters = {0.5f, 2, -1, 1};
        return HandMadeModel.of(backend, architecture, parameters, new double[] {3, 100}, new double[] {2, 10});
    }

    @Test
    void theScoreIsTheModelsAtEveryLevelInStandardisedUnits() {
        ScoreModel model = conditioned();
        NoisedScore score = NoisedScore.standardized(model, 115);
        assertThat(score.dimension()).isEqualTo(1);
        assertThat(score.levels()).isEqualTo(LEVELS);
        double[] points = {-2, 0, 0.7};
        double[] directions = {1, -1, 3};
        for (double sigma : new double[] {10, 1, 0.33, 0.1}) {
            double r = Math.sqrt(1 + sigma * sigma);
            double[] scores = new double[3];
            double[] products = new double[3];
            score.score(points, 3, sigma, scores);
            score.jvp(points, directions, 3, sigma, products);
            for (int i = 0; i < 3; i++) {
                double net = 0.5 * points[i] / r + 2 * 1.5 - Math.log(sigma) + 1;
                double slope = -1 / (1 + sigma * sigma) + 0.5 / (r * sigma * r);
                assertThat(scores[i]).isCloseTo(-points[i] / (r * r) + net / (sigma * r), within(1e-5 * 100));
                assertThat(products[i]).isCloseTo(slope * directions[i], within(1e-5 * 100));
            }
        }
        // The model itself is at the smallest level, in the units of the data.
        double[] smallest = new double[1];
        score.score(new double[] {0.5}, 1, 0.1, smallest);
        assertThat(model.score(4, 115)[0]).isCloseTo(smallest[0] / 2, within(1e-6));
    }

    static Stream<Sampler> samplers() {
        return Stream.of(
                new AnnealedLangevin(100, 0.5, false),
                new AnnealedLangevin(100, 0.5, true),
                ProbabilityFlow.standard(),
                new ReverseSde(200, 0, 0.1),
                new ReverseSde(100, 1, 0.1));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** 2500 samples: standard errors of mean and deviation are 2 % and 1.4 % of the deviation; four, and the bias of steps. */
    @ParameterizedTest
    @MethodSource("samplers")
    void samplesAreInTheUnitsOfTheData(Sampler sampler) {
        Samples samples = sampler.draw(normal(), 2500, 1);
        assertThat(samples.diagnostics()).isEmpty();
        Dataset rows = samples.rows();
        assertThat(rows.columns()).containsExactly("a", "b");
        assertThat(rows.rows()).isEqualTo(2500);
        double[] first = rows.column(0);
        double[] second = rows.column(1);
        assertThat(mean(first)).isCloseTo(3, within(2 * 0.08));
        assertThat(mean(second)).isCloseTo(-1, within(0.25 * 0.08));
        double mean = mean(first);
        double variance = Arrays.stream(first)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(variance)).isCloseTo(2, within(2 * 0.08));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void samplesRepeatForAnyNumberOfThreads(Sampler sampler) {
        String hash = sampler.sample(normal(backend), 70, 7).hash();
        try (Backend other = Backends.open("cpu", new BackendOptions(4, 0))) {
            assertThat(sampler.sample(normal(other), 70, 7).hash()).isEqualTo(hash);
        }
        assertThat(sampler.sample(normal(backend), 70, 8).hash()).isNotEqualTo(hash);
    }

    /** N(3, 4 (1 + 0.1^2)) and N(-1, 0.25^2 (1 + 0.1^2)). */
    @Test
    void logLikelihoodsAreInTheUnitsOfTheData() {
        double[] rows = {3, -1, 5, -1.3, -2, -0.5};
        for (Divergence divergence : List.of(new Divergence.Exact(), new Divergence.Hutchinson(2, 1))) {
            FlowLikelihood likelihood = ProbabilityFlow.standard().logLikelihood(normal(), rows, 3, divergence);
            for (int row = 0; row < 3; row++) {
                double a = (rows[2 * row] - 3) / 2;
                double b = (rows[2 * row + 1] + 1) / 0.25;
                double known = -(a * a + b * b) / 2 / 1.01 - Math.log(2 * Math.PI * 1.01) - Math.log(2 * 0.25);
                assertThat(likelihood.values()[row]).isCloseTo(known, within(1e-3));
            }
        }
    }

    @Test
    void modelsWithoutLevelsAreRefusedByName() {
        Architecture plain = new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS);
        ScoreModel model = HandMadeModel.of(backend, plain, new float[6], new double[] {3, -1}, new double[] {2, 0.5});
        samplers().forEach(sampler -> assertThatThrownBy(() -> sampler.draw(model, 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this model was trained without noise levels")
                .hasMessageContaining("train with --noise-levels"));
        assertThatThrownBy(
                        () -> ProbabilityFlow.standard().logLikelihood(model, new double[2], 1, new Divergence.Exact()))
                .hasMessageContaining("without noise levels");
    }

    @Test
    void conditionsMustBeTheModels() {
        samplers().forEach(sampler -> assertThatThrownBy(() -> sampler.draw(conditioned(), 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[b]")
                .hasMessageContaining("1 given values, not 0"));
    }

    /** A network that points outwards, or overflows, at every level. */
    @Test
    void samplesThatRunAwayAreAnError() {
        for (float slope : new float[] {30, 1e30f}) {
            Architecture architecture = new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS, OPTIONS);
            float[] parameters = {slope, 0, 0};
            ScoreModel outward =
                    HandMadeModel.of(backend, architecture, parameters, new double[] {0}, new double[] {1});
            samplers().forEach(sampler -> assertThatThrownBy(() -> sampler.draw(outward, 10, 1))
                    .as(sampler + " of slope " + slope)
                    .isInstanceOf(SamplingException.class));
        }
    }

    /** Langevin dynamics, MALA and HMC take such a model at its smallest level: N(0, I) at deviation 0.1, by the base. */
    @Test
    void otherSamplersAreAtTheSmallestLevel() {
        Architecture architecture = new EnergyMlp(1, 1, List.of(3), Activation.SOFTPLUS, 0.1, OPTIONS);
        ScoreModel model = HandMadeModel.of(backend, architecture, new float[13], new double[] {0}, new double[] {1});
        for (Sampler sampler :
                List.of(new Langevin(200, 0.004, 0.002), new Mala(64, 100, 2), new Hamiltonian(64, 100, 1, 5))) {
            double[] values = sampler.sample(model, 2000, 1).column(0);
            double variance =
                    Arrays.stream(values).map(value -> value * value).average().orElseThrow();
            // Variance 0.1^2 + 0.1^2; its standard error is 3.2 % of 2000 independent draws.
            assertThat(variance).as(sampler.toString()).isCloseTo(0.02, within(0.02 * 0.16));
        }
    }
}
