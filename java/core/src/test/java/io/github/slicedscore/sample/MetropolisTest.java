package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Banana;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MALA and HMC on densities with known moments. */
class MetropolisTest {
    /** A way to run chains on a density, with its target. */
    private record Method(String name, double target, Runner runner) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Runner {
        ChainRun run(Density density, double[] starts, int draws, long seed);
    }

    private static final int CHAINS = 128;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    static Stream<Method> methods() {
        return Stream.of(
                new Method("mala", 0.574, new Mala(CHAINS, 500, 4)::run),
                new Method("hmc", 0.8, new Hamiltonian(CHAINS, 500, 1, 10)::run));
    }

    /** A moment: its function, its value, and its variance. */
    private record Moment(String name, Function<double[], Double> of, double mean, double variance) {}

    /**
     * With x1 = x and x2 = x^2 - 1 + e; the variances follow from the normal's moments 1, 3, 15, 105: E (x^2 - 1)^2 = 2,
     * E (x^2 - 1)^4 = 60, E x^4 (x^2 - 1)^2 = 78.
     */
    private static final List<Moment> BANANA = List.of(
            new Moment("x1", x -> x[0], 0, 1),
            new Moment("x2", x -> x[1], 0, 3),
            new Moment("x1^2", x -> x[0] * x[0], 1, 2),
            new Moment("x2^2", x -> x[1] * x[1], 3, 60 + 6 * 2 + 3 - 9),
            new Moment("x1^2 x2", x -> x[0] * x[0] * x[1], 2, 78 + 3 - 4));

    @ParameterizedTest
    @MethodSource("methods")
    void momentsOfABananaAreWithinFourStandardErrors(Method method) {
        int draws = 2000; //
        double[] starts = StandardUnits.starts(CHAINS, 2, 2, 3);
        ChainRun run = method.runner().run(Density.of(Banana.standard()), starts, draws, 1);
        double[] values = new double[draws * CHAINS * BANANA.size()];
        int i = 0;
        for (int draw = 0; draw < draws; draw++) {
            for (int chain = 0; chain < CHAINS; chain++) {
                double[] x = {run.trace().value(draw, chain, 0), run.trace().value(draw, chain, 1)};
                for (Moment moment : BANANA) {
                    values[i++] = moment.of().apply(x);
                }
            }
        }
        Trace moments = new Trace(values, draws, CHAINS, BANANA.size());
        List<ColumnMixing> mixing = ChainDiagnostics.of(
                        moments, BANANA.stream().map(Moment::name).toList())
                .columns();
        for (int m = 0; m < BANANA.size(); m++) {
            double sum = 0;
            for (int j = m; j < values.length; j += BANANA.size()) {
                sum += values[j];
            }
            double size = mixing.get(m).effectiveSize().orElseThrow();
            assertThat(size).as("effective size of " + BANANA.get(m).name()).isGreaterThan(1000);
            double mean = sum / draws / CHAINS;
            double error = Math.sqrt(BANANA.get(m).variance() / size);
            assertThat(mean).as(BANANA.get(m).name()).isCloseTo(BANANA.get(m).mean(), within(4 * error));
        }
        Adaptation adaptation = run.diagnostics().adaptation().orElseThrow();
        assertThat(adaptation.acceptance()).isCloseTo(method.target(), within(0.03));
        assertThat(adaptation.target()).isEqualTo(method.target());
        assertThat(run.diagnostics().largestRHat().orElseThrow()).isLessThan(1.05);
        assertThat(run.diagnostics().warnings()).isEmpty();
    }

    /** Columns with deviations of 1/1000, 1 and 1000: the scales are found, and the chains mix as on N(0, I). */
    @ParameterizedTest
    @MethodSource("methods")
    void scalesOfTheColumnsAreFound(Method method) {
        double[] deviations = {1e-3, 1, 1e3};
        Density density = Density.of(
                new GaussianMixture(new double[] {1}, new double[][] {{0.5, -2, 3e3}}, new double[][] {deviations}));
        double[] starts = new double[CHAINS * 3];
        float[] normals = new float[3];
        Philox philox = new Philox();
        for (int chain = 0; chain < CHAINS; chain++) {
            philox.normals(9, chain, RandomStream.SAMPLER, 0, 0, normals, 0, 3);
            for (int i = 0; i < 3; i++) {
                starts[3 * chain + i] = new double[] {0.5, -2, 3e3}[i] + 2 * deviations[i] * normals[i];
            }
        }
        ChainRun run = method.runner().run(density, starts, 50, 1);
        Adaptation adaptation = run.diagnostics().adaptation().orElseThrow();
        for (int i = 0; i < 3; i++) {
            assertThat(adaptation.scales().get(i) / deviations[i]).isBetween(0.8, 2.5);
        }
        assertThat(adaptation.acceptance()).isCloseTo(method.target(), within(0.03));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theSeedDecides(Method method) {
        Density density = Density.of(Banana.standard());
        double[] starts = StandardUnits.starts(CHAINS, 2, 1, 3);
        double[] draws = method.runner().run(density, starts, 3, 1).trace().last(3 * CHAINS);
        assertThat(method.runner().run(density, starts, 3, 1).trace().last(3 * CHAINS))
                .containsExactly(draws);
        assertThat(method.runner().run(density, starts, 3, 2).trace().last(3 * CHAINS))
                .isNotEqualTo(draws);
    }

    static Stream<Sampler> samplers() {
        return Stream.of(new Mala(32, 200, 5), new Hamiltonian(32, 200, 1, 5));
    }

    /** N(3, 2^2) and N(-1, 0.5^2): means and deviations within 4 standard errors by the effective size. */
    @ParameterizedTest
    @MethodSource("samplers")
    void samplesOfAModelAreInTheUnitsOfTheData(Sampler sampler) {
        ScoreModel model = HandMadeModel.normal(backend);
        Samples samples = sampler.draw(model, 3000, 1);
        ChainDiagnostics diagnostics = samples.diagnostics().orElseThrow();
        assertThat(samples.rows().rows()).isEqualTo(3000);
        assertThat(samples.rows().columns()).containsExactly("a", "b");
        assertThat(diagnostics.warnings()).isEmpty();
        // 3000 samples of 32 chains: 94 draws each.
        assertThat(diagnostics.draws()).isEqualTo(94);
        assertThat(diagnostics.columns()).extracting(ColumnMixing::column).containsExactly("a", "b");
        double[] means = {3, -1};
        double[] deviations = {2, 0.5};
        for (int i = 0; i < 2; i++) {
            double[] values = samples.rows().column(i);
            double size = diagnostics.columns().get(i).effectiveSize().orElseThrow();
            double mean = Arrays.stream(values).average().orElseThrow();
            assertThat(mean).isCloseTo(means[i], within(4 * deviations[i] / Math.sqrt(size)));
            double variance = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            // Squares are as good as half as many draws at least: chains forget them faster than the values.
            assertThat(Math.sqrt(variance)).isCloseTo(deviations[i], within(4 * deviations[i] / Math.sqrt(size)));
        }
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void samplesRepeatForAnyNumberOfThreads(Sampler sampler) {
        Dataset rows = sampler.sample(HandMadeModel.normal(backend), 70, 7);
        try (Backend other = Backends.open("cpu", new BackendOptions(4, 0))) {
            assertThat(sampler.sample(HandMadeModel.normal(other), 70, 7).hash())
                    .isEqualTo(rows.hash());
        }
        assertThat(sampler.sample(HandMadeModel.normal(backend), 70, 8).hash()).isNotEqualTo(rows.hash());
        // Few samples, too, are of chains long enough to be judged.
        assertThat(sampler.draw(HandMadeModel.normal(backend), 1, 7)
                        .diagnostics()
                        .orElseThrow()
                        .draws())
                .isEqualTo(8);
    }

    /** An affine network on a base, f = 1.5 y + 7 z - y^2/2 in standardised units: N(3 + 2 x 1.5, 2^2) whatever z is. */
    @ParameterizedTest
    @MethodSource("samplers")
    void conditionsAreStandardisedAndHeld(Sampler sampler) {
        Architecture architecture = new EnergyMlp(1, 1, List.of(), Activation.SOFTPLUS, 1);
        ScoreModel model = HandMadeModel.of(
                backend, architecture, new float[] {1.5f, 7, 0}, new double[] {3, 100}, new double[] {2, 10});
        double[] values = sampler.sample(model, 2000, 1, 115).column(0);
        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(6, within(0.25));
        assertThatThrownBy(() -> sampler.sample(model, 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[b]")
                .hasMessageContaining("1 given values, not 0");
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void scoreNetworksAreRefused(Sampler sampler) {
        Architecture architecture = new ScoreMlp(1, 0, List.of(), Activation.SOFTPLUS);
        ScoreModel model = HandMadeModel.of(backend, architecture, new float[2], new double[] {0}, new double[] {1});
        assertThatThrownBy(() -> sampler.draw(model, 10, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score network")
                .hasMessageContaining("--model energy")
                .hasMessageContaining("Langevin");
        assertThatThrownBy(() -> sampler.draw(HandMadeModel.normal(backend), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one sample, not 0");
    }

    /** A standard normal density within 50, and beyond it a level whose score is of no use. */
    private static final Density TRAP = new Density() {
        @Override
        public int dimension() {
            return 1;
        }

        @Override
        public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
            for (int row = 0; row < count; row++) {
                double x = points[row];
                boolean inside = Math.abs(x) < 50;
                if (logDensities != null) {
                    logDensities[row] = inside ? -0.5 * x * x : 0;
                }
                if (scores != null) {
                    scores[row] = inside ? -x : 1e150;
                }
            }
        }
    };

    @Test
    void aChainThatNeverMovesIsWarnedOf() {
        double[] starts = StandardUnits.starts(32, 1, 1, 1);
        starts[3] = 100;
        ChainDiagnostics diagnostics =
                new Mala(32, 200, 1).run(TRAP, starts, 20, 1).diagnostics();
        assertThat(diagnostics.warnings().get(0)).contains("1 of 32 chains never moved");
        assertThat(diagnostics.adaptation().orElseThrow().acceptance()).isCloseTo(0.574, within(0.05));
        // The moving chains' step, not one that the trapped chain made short.
        assertThat(diagnostics.adaptation().orElseThrow().step()).isGreaterThan(0.1);
    }

    @Test
    void chainsNoneOfWhichMovesAreAnError() {
        double[] starts = new double[32];
        Arrays.fill(starts, 100);
        assertThatThrownBy(() -> new Hamiltonian(32, 40, 1, 2).run(TRAP, starts, 20, 1))
                .isInstanceOf(SamplingException.class)
                .hasMessageContaining("none of 32 chains moved");
        assertThatThrownBy(() -> new Mala(32, 40, 1).run(Density.of(Banana.standard()), filled(64, Double.NaN), 20, 1))
                .isInstanceOf(SamplingException.class)
                .hasMessageContaining("32 of 32 chains start where");
    }

    private static double[] filled(int length, double value) {
        double[] values = new double[length];
        Arrays.fill(values, value);
        return values;
    }

    /** f = y, without base: chains run away, and it is said. */
    @ParameterizedTest
    @MethodSource("samplers")
    void anEnergyThatIsNoDensityIsAnError(Sampler sampler) {
        Architecture architecture = new EnergyMlp(1, 0, List.of(), Activation.SOFTPLUS, 0);
        ScoreModel model =
                HandMadeModel.of(backend, architecture, new float[] {30, 0}, new double[] {0}, new double[] {1});
        assertThatThrownBy(() -> sampler.draw(model, 100, 1))
                .isInstanceOf(SamplingException.class)
                .hasMessageContaining("ran away")
                .hasMessageContaining("Gaussian base");
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertThatThrownBy(() -> new Mala(0, 100, 1)).hasMessageContaining("at least one chain, not 0");
        assertThatThrownBy(() -> new Mala(1, 19, 1)).hasMessageContaining("not 19");
        assertThatThrownBy(() -> new Hamiltonian(1, 100, 0, 1)).hasMessageContaining("thinning");
        assertThatThrownBy(() -> new Hamiltonian(1, 100, 1, 0)).hasMessageContaining("leapfrog step, not 0");
        assertThatThrownBy(() -> new Hamiltonian(1, 100, 1, -5)).isInstanceOf(IllegalArgumentException.class);
        Density density = Density.of(Banana.standard());
        assertThatThrownBy(() -> new Mala(2, 100, 1).run(density, new double[4], 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
        assertThatThrownBy(() -> new Mala(3, 100, 1).run(density, new double[4], 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 numbers");
    }
}
