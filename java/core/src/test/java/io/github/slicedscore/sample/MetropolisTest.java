package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    private static final int CHAINS = 32;

    static Stream<Method> methods() {
        return Stream.of(
                new Method("mala", 0.574, new Mala(CHAINS, 500, 4)::run),
                new Method("hmc", 0.8, new Hamiltonian(CHAINS, 500, 1, 16)::run));
    }

    /** x1 ~ N(0, 1), x2 given x1 ~ N(b (x1^2 - 1), 1/4), b = 0.5. */
    private static final class BananaDensity implements Density {
        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public void evaluate(double[] points, int count, double @Nullable [] logDensities, double @Nullable [] scores) {
            for (int row = 0; row < count; row++) {
                double x = points[2 * row];
                double residual = points[2 * row + 1] - 0.5 * (x * x - 1);
                if (logDensities != null) {
                    logDensities[row] = -0.5 * x * x - 2 * residual * residual;
                }
                if (scores != null) {
                    scores[2 * row] = -x + 4 * residual * x;
                    scores[2 * row + 1] = -4 * residual;
                }
            }
        }
    }

    /** A moment: its function, its value, and its variance. */
    private record Moment(String name, Function<double[], Double> of, double mean, double variance) {}

    /**
     * With x1 = x, x2 = b (x^2 - 1) + e/2: E x2 = 0, E x2^2 = 2 b^2 + 1/4, E x1^2 x2 = 2 b. The variances follow from the
     * normal's moments 1, 3, 15, 105.
     */
    private static final List<Moment> BANANA = List.of(
            new Moment("x1", x -> x[0], 0, 1),
            new Moment("x2", x -> x[1], 0, 0.75),
            new Moment("x1^2", x -> x[0] * x[0], 1, 2),
            // E (b (x^2 - 1))^4 = 60 b^4, so E x2^4 = 60/16 + 6 (1/2)(1/4) + 3/16.
            new Moment("x2^2", x -> x[1] * x[1], 0.75, 3.75 + 0.75 + 3 / 16.0 - 0.75 * 0.75),
            // E x^4 (x^2 - 1)^2 = 105 - 30 + 3 = 78, so E (x1^2 x2)^2 = 78/4 + 3/4.
            new Moment("x1^2 x2", x -> x[0] * x[0] * x[1], 1, 78 / 4.0 + 0.75 - 1));

    @ParameterizedTest
    @MethodSource("methods")
    void momentsOfABananaAreWithinFourStandardErrors(Method method) {
        int draws = 2000; //
        double[] starts = StandardUnits.starts(CHAINS, 2, 2, 3);
        ChainRun run = method.runner().run(new BananaDensity(), starts, draws, 1);
        System.out.println(method + " " + run.diagnostics());
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
            assertThat(size).as("effective size of " + BANANA.get(m).name()).isGreaterThan(2000);
            double mean = sum / draws / CHAINS;
            double error = Math.sqrt(BANANA.get(m).variance() / size);
            System.out.printf(
                    "%s %s %.4f +- %.4f (z %.2f) ess %.0f%n",
                    method,
                    BANANA.get(m).name(),
                    mean,
                    error,
                    (mean - BANANA.get(m).mean()) / error,
                    size);
            assertThat(mean).as(BANANA.get(m).name()).isCloseTo(BANANA.get(m).mean(), within(4 * error));
        }
        System.out.println(run.diagnostics());
        Adaptation adaptation = run.diagnostics().adaptation().orElseThrow();
        assertThat(adaptation.acceptance()).isCloseTo(method.target(), within(0.03));
        assertThat(adaptation.target()).isEqualTo(method.target());
        assertThat(run.diagnostics().largestRHat().orElseThrow()).isLessThan(1.01);
        assertThat(run.diagnostics().warnings()).isEmpty();
    }
}
