package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sampling from models written down by hand, whose distribution is known. */
class LangevinTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static ScoreModel model(
            Architecture architecture, float[] parameters, double[] means, double[] deviations) {
        List<String> names = List.of("a", "b", "c");
        int dimension = architecture.dimension();
        return ScoreModel.of(
                new ModelContents(
                        architecture,
                        Parameters.of(architecture, parameters),
                        new Standardizer(means, deviations),
                        names.subList(0, dimension),
                        names.subList(dimension, architecture.inputs()),
                        ModelExamples.PROVENANCE,
                        new double[0]),
                backend);
    }

    /** N(3, 2^2) in the first column, N(-1, 0.5^2) in the second: weights of zero leave the Gaussian base. */
    private static ScoreModel normal() {
        Architecture architecture = new EnergyMlp(2, 0, List.of(3), Activation.SOFTPLUS, 1);
        return model(architecture, new float[13], new double[] {3, -1}, new double[] {2, 0.5});
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }

    /** 8000 chains: standard errors of mean and deviation are 1.1 % and 0.8 % of the deviation; four of them. */
    @Test
    void samplesHaveTheModelsMeanAndDeviation() {
        Dataset samples = new Langevin(300, 0.2, 0.02).sample(normal(), 8000, 1);
        assertThat(samples.columns()).containsExactly("a", "b");
        assertThat(samples.rows()).isEqualTo(8000);
        assertThat(mean(samples.column(0))).isCloseTo(3, within(0.09));
        assertThat(deviation(samples.column(0))).isCloseTo(2, within(0.08));
        assertThat(mean(samples.column(1))).isCloseTo(-1, within(0.0225));
        assertThat(deviation(samples.column(1))).isCloseTo(0.5, within(0.02));
    }

    /** With a step h the chains' variance is 1 / (1 - h/4): a step misread by a factor of two shows. */
    @Test
    void biasOfALongStepIsTheKnownOne() {
        Dataset samples = new Langevin(60, 1, 1).sample(normal(), 8000, 2);
        assertThat(deviation(samples.column(0))).isCloseTo(2 / Math.sqrt(0.75), within(0.08));
    }

    /** One step from N(0, I), at the last step's length: y (1 - h/2) + sqrt(h) xi. */
    @Test
    void oneStepIsTheLast() {
        Dataset samples = new Langevin(1, 100, 0.5).sample(normal(), 8000, 2);
        assertThat(deviation(samples.column(0))).isCloseTo(2 * Math.sqrt(0.75 * 0.75 + 0.5), within(0.08));
    }

    @Test
    void theSeedDecides() {
        Langevin sampler = new Langevin(20, 0.1, 0.05);
        ScoreModel model = normal();
        Dataset samples = sampler.sample(model, 100, 7);
        assertThat(sampler.sample(model, 100, 7).hash()).isEqualTo(samples.hash());
        assertThat(sampler.sample(model, 100, 8).hash()).isNotEqualTo(samples.hash());
        // A chain is its own: more chains leave the first ones as they are.
        assertThat(Arrays.copyOf(sampler.sample(model, 150, 7).column(0), 100)).containsExactly(samples.column(0));
        try (Backend other = Backends.open("cpu", new BackendOptions(4, 0))) {
            Architecture architecture = new EnergyMlp(2, 0, List.of(3), Activation.SOFTPLUS, 1);
            ModelContents contents = new ModelContents(
                    architecture,
                    Parameters.of(architecture, new float[13]),
                    new Standardizer(new double[] {3, -1}, new double[] {2, 0.5}),
                    List.of("a", "b"),
                    List.of(),
                    ModelExamples.PROVENANCE,
                    new double[0]);
            assertThat(sampler.sample(ScoreModel.of(contents, other), 100, 7).hash())
                    .isEqualTo(samples.hash());
        }
    }

    /** s(y | z) = z - y in standardised units, z = (c - 100) / 10, y = (a - 3) / 2: so a given c has mean 3 + 2 z. */
    @Test
    void conditionsAreStandardisedAndHeld() {
        Architecture architecture = new ScoreMlp(1, 1, List.of(), Activation.SOFTPLUS);
        ScoreModel model = model(architecture, new float[] {-1, 1, 0}, new double[] {3, 100}, new double[] {2, 10});
        Dataset samples = new Langevin(200, 0.2, 0.05).sample(model, 4000, 1, 115);
        assertThat(samples.columns()).containsExactly("a");
        assertThat(mean(samples.column(0))).isCloseTo(6, within(0.13));
        assertThatThrownBy(() -> Langevin.standard().sample(model, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[b]")
                .hasMessageContaining("1 given values, not 0");
        assertThatThrownBy(() -> Langevin.standard().sample(normal(), 1, 1, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 1");
    }

    /** A score that points outwards, by a network without base, and one that overflows. */
    @Test
    void chainsThatRunAwayAreAnError() {
        Architecture architecture = new ScoreMlp(1, 0, List.of(), Activation.SOFTPLUS);
        for (float slope : new float[] {3, 1e30f}) {
            ScoreModel outward = model(architecture, new float[] {slope, 0}, new double[] {0}, new double[] {1});
            assertThatThrownBy(() -> new Langevin(100, 0.5, 0.5).sample(outward, 50, 1))
                    .isInstanceOf(SamplingException.class)
                    .hasMessageContaining("50 of 50 chains ran away")
                    .hasMessageContaining("Gaussian base");
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new Langevin(0, 0.1, 0.1)).hasMessageContaining("at least one step");
        for (double step : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Langevin(10, step, 0.1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + step);
            assertThatThrownBy(() -> new Langevin(10, 0.1, step)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Langevin.standard().sample(normal(), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }
}
