package io.github.slicedscore.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.sample.Density;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LogLikelihoodTest {
    private static final List<NormalizerEstimator> ESTIMATORS =
            List.of(new ImportanceSampling(20_000, 4, 5, 0.1), new AnnealedImportanceSampling(300, 60, 4, 3));
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** A network of two columns drawn at random on a base, against a sum over a fine grid, which is exact here. */
    @Test
    void agreesWithQuadratureInTwoDimensions() {
        EnergyMlp architecture = new EnergyMlp(2, 0, List.of(16, 16), Activation.TANH, 1.5);
        float[] values = Parameters.initialize(architecture, 11).toArray();
        // The last layer starts near zero; ten times that is a landscape of several hills.
        for (int i = values.length - 17; i < values.length; i++) {
            values[i] *= 30;
        }
        ScoreModel model = SmallModels.of(backend, architecture, values);
        double logZ = quadrature(model);
        Dataset rows = Draws.named(Draws.of(Draws.normal(2, 0, 1), 200, 1), List.of("a", "b"), 3, 2, 100, 10);
        double[] logDensities = new double[200];
        model.logDensity(Draws.flat(rows), 200, logDensities);
        double wanted = Arrays.stream(logDensities).average().orElseThrow() - logZ;
        for (NormalizerEstimator estimator : ESTIMATORS) {
            LogLikelihood likelihood = LogLikelihood.of(model, rows, estimator, 1);
            assertThat(likelihood.warnings()).isEmpty();
            assertThat(likelihood.normalizerError()).isBetween(1e-4, 0.06);
            assertThat(likelihood.mean()).isCloseTo(wanted, within(3 * likelihood.normalizerError()));
        }
    }

    /** log of the integral of exp f over standardised units, by the rectangle rule. */
    private static double quadrature(ScoreModel model) {
        int side = 401;
        double reach = 12;
        double cell = 2 * reach / (side - 1);
        double[] points = new double[side * side * 2];
        for (int i = 0; i < side * side; i++) {
            int across = i % side;
            int down = i / side;
            points[2 * i] = 3 + 2 * (-reach + cell * across);
            points[2 * i + 1] = 100 + 10 * (-reach + cell * down);
        }
        double[] values = new double[side * side];
        model.logDensity(points, side * side, values);
        return LogSum.of(values) + model.standardizer().logScale(2) + 2 * Math.log(cell);
    }

    /** A flow scaled by exp(t), of one column moved by nothing: N(mean, (deviation / exp(t))^2) of each, without a normaliser. */
    @Test
    void ofANormalizedDensityNothingIsEstimated() {
        Nice nice = new Nice(2, List.of(), Activation.SOFTPLUS, 2, Nice.Prior.NORMAL);
        // Two couplings, each a weight and a bias; then t.
        ScoreModel model = SmallModels.of(backend, nice, 0, 0, 0, 0, 0.3f, -0.2f);
        Dataset rows = Draws.named(Draws.of(Draws.normal(2, 0, 1), 50, 1), List.of("a", "b"), 3, 2, 100, 10);
        double[] values = Draws.flat(rows);
        double wanted = -Math.log(2 * Math.PI) - Math.log(2 * Math.exp(-0.3)) - Math.log(10 * Math.exp(0.2));
        for (int i = 0; i < values.length; i += 2) {
            double a = (values[i] - 3) / (2 * Math.exp(-0.3));
            double b = (values[i + 1] - 100) / (10 * Math.exp(0.2));
            wanted -= (a * a + b * b) / 2 / 50;
        }
        LogLikelihood likelihood = LogLikelihood.of(model, rows, ImportanceSampling.standard(), 1);
        assertThat(likelihood.mean()).isCloseTo(wanted, within(1e-5));
        assertThat(likelihood.normalizers()).isEmpty();
        assertThat(likelihood.warnings()).isEmpty();
        assertThat(likelihood.normalizerError()).isZero();
        assertThat(likelihood.standardError()).isEqualTo(likelihood.samplingError());
    }

    /** Of a flow drawn at random the estimator, which knows nothing of its constant, finds none. */
    @Test
    void theNormalizerOfAFlowIsOne() {
        Nice nice = new Nice(2, List.of(8), Activation.SOFTPLUS, 3, Nice.Prior.LOGISTIC);
        ScoreModel model = SmallModels.of(backend, nice, Parameters.initialize(nice, 5));
        double[] points = Draws.of(Draws.normal(2, 0, 1.8), 200, 1);
        NormalizerEstimate estimate = ImportanceSampling.standard().estimate(Density.standardized(model), points, 1);
        assertThat(estimate.warnings()).isEmpty();
        assertThat(estimate.logNormalizer()).isCloseTo(0, within(4 * estimate.standardError() + 1e-4));
    }

    /** The energy that is N(0, I) in standardised units, in the data's: log N of both columns; and both errors. */
    @Test
    void isInTheUnitsOfTheData() {
        ScoreModel model = SmallModels.normalEnergy(backend);
        Gaussian truth = new Gaussian(new double[] {3, 100}, new double[][] {{4, 0}, {0, 100}});
        double[] points = Draws.of(truth, 500, 2);
        double[] wanted = new double[500];
        for (int row = 0; row < 500; row++) {
            wanted[row] = truth.logDensity(new double[] {points[2 * row], points[2 * row + 1]});
        }
        SampleMean mean = SampleMean.of(wanted);
        for (NormalizerEstimator estimator : ESTIMATORS) {
            LogLikelihood likelihood = LogLikelihood.of(model, Dataset.of(List.of("a", "b"), points), estimator, 1);
            assertThat(likelihood.mean()).isCloseTo(mean.mean(), within(3 * likelihood.normalizerError()));
            assertThat(likelihood.samplingError()).isCloseTo(mean.standardError(), within(1e-5));
            assertThat(likelihood.normalizerError())
                    .isEqualTo(likelihood.normalizers().get(0).standardError());
            assertThat(likelihood.standardError())
                    .isCloseTo(Math.hypot(likelihood.samplingError(), likelihood.normalizerError()), within(1e-12));
            assertThat(likelihood.rows()).isEqualTo(500);
        }
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() {
        Dataset rows = Draws.named(Draws.of(Draws.normal(2, 0, 1), 200, 1), List.of("a", "b"), 3, 2, 100, 10);
        EnergyMlp architecture = new EnergyMlp(2, 0, List.of(16, 16), Activation.TANH, 1.5);
        Parameters parameters = Parameters.initialize(architecture, 11);
        try (Backend single = Backends.open("cpu", new BackendOptions(1, 0))) {
            for (NormalizerEstimator estimator : ESTIMATORS) {
                assertThat(LogLikelihood.of(SmallModels.of(single, architecture, parameters), rows, estimator, 4))
                        .isEqualTo(LogLikelihood.of(
                                SmallModels.of(backend, architecture, parameters), rows, estimator, 4));
            }
        }
    }

    /** f(x, c) has its own constant for each c, which the likelihood must not have: p(x | c) = N(0.5, 1) for every c. */
    @Test
    void eachConditionHasItsNormaliser() {
        ScoreModel model = SmallModels.conditionalEnergy(backend, 0.5f, 2, 7, 1);
        double[] points = Draws.of(Draws.normal(1, 0.5, 1), 300, 3);
        double[][] rows = new double[300][];
        double wanted = 0;
        for (int row = 0; row < 300; row++) {
            rows[row] = new double[] {3 + 2 * points[row], row % 3 == 0 ? 90 : 110};
            wanted += (-0.5 * (points[row] - 0.5) * (points[row] - 0.5) - 0.5 * Math.log(2 * Math.PI) - Math.log(2))
                    / 300;
        }
        for (NormalizerEstimator estimator : ESTIMATORS) {
            LogLikelihood likelihood = LogLikelihood.of(model, Dataset.of(List.of("a", "b"), rows), estimator, 1);
            assertThat(likelihood.normalizers()).hasSize(2);
            // log Z = u c + e + w^2 / 2 + log(2 pi) / 2, c = -1 and 1
            double logZ = 7 + 0.125 + 0.5 * Math.log(2 * Math.PI);
            assertThat(likelihood.normalizers().get(0).logNormalizer()).isCloseTo(logZ - 2, within(0.1));
            assertThat(likelihood.normalizers().get(1).logNormalizer()).isCloseTo(logZ + 2, within(0.1));
            assertThat(likelihood.mean()).isCloseTo(wanted, within(3 * likelihood.normalizerError()));
        }
    }

    @Test
    void refusesWhatHasNoLikelihood() {
        NormalizerEstimator estimator = ESTIMATORS.get(0);
        Dataset rows = Draws.named(Draws.of(Draws.normal(2, 0, 1), 21, 1), List.of("a", "b"), 3, 2, 100, 10);
        assertThatThrownBy(() -> LogLikelihood.of(SmallModels.normalScore(backend), rows, estimator, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("score network")
                .hasMessageContaining("train an energy");
        ScoreModel conditional = SmallModels.conditionalEnergy(backend, 0, 0, 0, 1);
        assertThatThrownBy(() -> LogLikelihood.of(conditional, rows, estimator, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("conditioned on [b]")
                .hasMessageContaining("21 different ones, more than 20");
        ScoreModel energy = SmallModels.normalEnergy(backend);
        assertThatThrownBy(() -> LogLikelihood.of(energy, rows.rows(new int[0]), estimator, 1))
                .hasMessageContaining("no rows");
        assertThatThrownBy(() -> LogLikelihood.of(energy, rows.rows(new int[] {0, 1, 2}), estimator, 1))
                .hasMessageContaining("at least 4 rows, not 3");
        assertThatThrownBy(() -> LogLikelihood.of(energy, rows.select(List.of("a")), estimator, 1))
                .hasMessageContaining("'b'");
    }
}
