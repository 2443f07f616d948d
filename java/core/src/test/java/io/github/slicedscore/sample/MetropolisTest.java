package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.data.Banana;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
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
            System.out.println(method + " " + BANANA.get(m).name() + " " + mean + " z "
                    + (mean - BANANA.get(m).mean()) / error + " ess " + size);
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
        System.out.println(run.diagnostics());
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
}
