package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
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
        return HandMadeModel.of(backend, architecture, parameters, means, deviations);
    }

    private static ScoreModel normal() {
        return HandMadeModel.normal(backend);
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
        // A chain is its own: more chains leave the first ones as they are, and so do fewer.
        assertThat(sampler.sample(model, 5, 7).column(0)).containsExactly(Arrays.copyOf(samples.column(0), 5));
        assertThat(Arrays.copyOf(sampler.sample(model, 150, 7).column(0), 100)).containsExactly(samples.column(0));
        try (Backend other = Backends.open("cpu", new BackendOptions(4, 0))) {
            assertThat(sampler.sample(HandMadeModel.normal(other), 100, 7).hash())
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
            assertThatThrownBy(() -> new Langevin(100, 0.5, 0.5).sample(outward, 70, 1))
                    .isInstanceOf(SamplingException.class)
                    .hasMessageContaining("70 of 70 samples ran away")
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

    /** The chains' steps are the scorer's, in one call, whatever pieces the diagnostics need. */
    @Test
    void diagnosticsLeaveTheSamplesAsTheyAre() {
        ScoreModel model = normal();
        for (int steps : new int[] {1, 2, 7, 173}) {
            Dataset samples = new Langevin(steps, 0.3, 0.1).sample(model, 90, 4);
            double[] sizes = new double[steps];
            for (int t = 0; t < steps; t++) {
                sizes[t] = 0.3 + (0.1 - 0.3) * (steps == 1 ? 1 : t / (steps - 1.0));
            }
            float[] chains = new float[180];
            Philox philox = new Philox();
            for (int chain = 0; chain < 90; chain++) {
                philox.normals(4, chain, RandomStream.SAMPLER, 0, 0, chains, 2 * chain, 2 * chain + 2);
            }
            model.scorer().langevin(chains, 90, sizes, 4, 0);
            for (int chain = 0; chain < 90; chain++) {
                assertThat(samples.value(chain, 0))
                        .isEqualTo(model.standardizer().restore(0, chains[2 * chain]));
                assertThat(samples.value(chain, 1))
                        .isEqualTo(model.standardizer().restore(1, chains[2 * chain + 1]));
            }
        }
    }

    /** Long chains mix; short ones remember where they began, and it is said. One chain of a sample need not mix for that. */
    @Test
    void diagnosticsTellLongChainsFromShortOnes() {
        ChainDiagnostics mixed =
                new Langevin(4000, 0.2, 0.2).draw(normal(), 70, 1).diagnostics().orElseThrow();
        assertThat(mixed.chains()).isEqualTo(64);
        assertThat(mixed.draws()).isEqualTo(50);
        assertThat(mixed.columns()).extracting(ColumnMixing::column).containsExactly("a", "b");
        assertThat(mixed.adaptation()).isEmpty();
        assertThat(mixed.largestRHat().orElseThrow()).isCloseTo(1, within(0.02));
        assertThat(mixed.smallestEffectiveSize().orElseThrow()).isGreaterThan(2000);
        assertThat(mixed.warnings()).isEmpty();
        assertThat(new Langevin(400, 0.05, 0.002)
                        .draw(normal(), 1000, 1)
                        .diagnostics()
                        .orElseThrow()
                        .warnings())
                .isEmpty();

        // Of 400 chains, so that a correlation of 0.2 is 4 standard errors. Its known value is (1 - h/2)^steps = 0.78.
        ChainDiagnostics apart = new Langevin(100, 0.005, 0.005)
                .draw(normal(), 400, 1)
                .diagnostics()
                .orElseThrow();
        assertThat(apart.largestRHat().orElseThrow()).isGreaterThan(2);
        assertThat(apart.warnings()).hasSize(1);
        assertThat(apart.warnings().get(0))
                .containsPattern("remember where their chains began \\(correlation 0\\.[78]\\d in column '[ab]'");

        // A handful of samples says too little by itself.
        assertThat(new Langevin(100, 0.005, 0.005)
                        .draw(normal(), 3, 1)
                        .diagnostics()
                        .orElseThrow()
                        .warnings())
                .singleElement()
                .asString()
                .contains("remember where their chains began");
        for (int seed = 1; seed <= 20; seed++) {
            Samples fine = Langevin.standard().draw(normal(), 10, seed);
            assertThat(fine.rows().rows()).isEqualTo(10);
            assertThat(fine.diagnostics().orElseThrow().warnings()).isEmpty();
        }

        ChainDiagnostics few =
                new Langevin(5, 0.1, 0.1).draw(normal(), 10, 1).diagnostics().orElseThrow();
        assertThat(few.chains()).isEqualTo(64);
        assertThat(few.draws()).isEqualTo(3);
        assertThat(few.largestRHat()).isEmpty();
    }
}
