package io.github.slicedscore.eval;

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
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.sample.Divergence;
import io.github.slicedscore.sample.ProbabilityFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FlowLogLikelihoodTest {
    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** A network of zeros is N(0, I) at every level, so rows noised by the smallest are N(0, (1 + sigma^2) I). */
    @Test
    void aNormalDistributionInTheUnitsOfItsData() {
        Dataset rows = Dataset.of(List.of("b", "a"), new double[] {100, 3, 110, 7, 95, 2, 130, -1});
        double variance = 1 + 0.01 * 0.01;
        // a has mean 3 and deviation 2, b 100 and 10.
        double squares = (0 + 0) + (1 + 4) + (0.25 + 0.25) + (9 + 4);
        double expected = -Math.log(2 * Math.PI * variance) - squares / 4 / (2 * variance) - Math.log(2 * 10);
        for (boolean energy : new boolean[] {false, true}) {
            try (ScoreModel model = SmallModels.normalAtEveryLevel(backend, energy)) {
                FlowLogLikelihood found = FlowLogLikelihood.of(model, rows, 100, 1);

                assertThat(found.mean()).isCloseTo(expected, within(1e-3));
                assertThat(found.rows()).isEqualTo(4);
                assertThat(found.divergenceError()).isZero();
                assertThat(found.samplingError()).isCloseTo(deviation(0, 2.5, 0.25, 6.5) / 2, within(1e-3));
                assertThat(found.warnings()).isEmpty();
                assertThat(FlowLogLikelihood.of(model, rows, 3, 1).rows()).isEqualTo(3);
            }
        }
    }

    private static double deviation(double... values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1));
    }

    /** More columns than have an exact trace: probes find this one all the same, because J is a multiple of I. */
    @Test
    void manyColumns() {
        int dimension = 17;
        try (ScoreModel model = model(dimension, 0, new NoiseLevels(2.5, 0.1, 4), 0)) {
            FlowLogLikelihood found =
                    FlowLogLikelihood.of(model, Dataset.of(model.columns(), new double[3 * dimension]), 100, 1);

            assertThat(found.mean()).isCloseTo(-0.5 * dimension * Math.log(2 * Math.PI * 1.01), within(1e-3));
            assertThat(found.divergenceError()).isBetween(0.0, 1e-4);
            assertThat(found.warnings()).singleElement().asString().contains("largest noise level, 2.5", "5 or more");
        }
    }

    /** Rows in turn of two conditions, which move the flow. */
    @Test
    void conditions() {
        try (ScoreModel model = model(1, 1, new NoiseLevels(5, 0.1, 4), 0.7f)) {
            double[] rows = {0.5, 1, -1, -2, 0.25, 1, -1.5, -2};
            double sum = 0;
            for (int row = 0; row < 4; row++) {
                sum += ProbabilityFlow.standard()
                        .logLikelihood(
                                model, new double[] {rows[2 * row]}, 1, new Divergence.Exact(), rows[2 * row + 1])
                        .mean();
            }
            FlowLogLikelihood found = FlowLogLikelihood.of(model, Dataset.of(List.of("x0", "c0"), rows), 100, 1);

            assertThat(found.mean()).isCloseTo(sum / 4, within(1e-3));
            Dataset swapped = Dataset.of(List.of("x0", "c0"), new double[] {0.5, -2, -1, 1, 0.25, -2, -1.5, 1});
            assertThat(FlowLogLikelihood.of(model, swapped, 100, 1).mean()).isNotCloseTo(sum / 4, within(0.05));
        }
    }

    /** More conditions than a sampler's run each would be worth: all rows follow the flow together. */
    @Test
    void everyRowMayHaveAConditionOfItsOwn() {
        try (ScoreModel model = model(1, 1, new NoiseLevels(5, 0.1, 4), 0.7f)) {
            double[] rows = new double[2 * 30];
            double sum = 0;
            for (int row = 0; row < 30; row++) {
                rows[2 * row] = 0.3 * Math.sin(row);
                rows[2 * row + 1] = 0.1 * row - 1;
                sum += ProbabilityFlow.standard()
                        .logLikelihood(
                                model, new double[] {rows[2 * row]}, 1, new Divergence.Exact(), rows[2 * row + 1])
                        .mean();
            }
            FlowLogLikelihood found = FlowLogLikelihood.of(model, Dataset.of(List.of("x0", "c0"), rows), 100, 1);
            assertThat(found.mean()).isCloseTo(sum / 30, within(1e-3));
        }
    }

    /**
     * J has the same number everywhere, off the diagonal, too, so probes err; the same row with each of 6 conditions errs alike if
     * conditions share their probes, and the mean then errs by 6^(1/2) times as much as it says. The rms of 60 seeds is known to
     * a tenth.
     */
    @Test
    void theProbesErrorIsWhatItSaysWithSeveralConditions() {
        int dimension = 17;
        int conditions = 6;
        try (ScoreModel model = model(dimension, 1, new NoiseLevels(3, 1, 4), 0.02f)) {
            double[] rows = new double[conditions * (dimension + 1)];
            double exact = 0;
            for (int row = 0; row < conditions; row++) {
                rows[row * (dimension + 1) + dimension] = row;
                exact += ProbabilityFlow.standard()
                                .logLikelihood(model, new double[dimension], 1, new Divergence.Exact(), row)
                                .mean()
                        / conditions;
            }
            List<String> names = new ArrayList<>(model.columns());
            names.addAll(model.conditions());
            double squares = 0;
            double claimed = 0;
            for (int seed = 0; seed < 60; seed++) {
                FlowLogLikelihood found = FlowLogLikelihood.of(model, Dataset.of(names, rows), 100, 100L * seed);
                squares += (found.mean() - exact) * (found.mean() - exact);
                claimed += found.divergenceError() * found.divergenceError();
            }
            assertThat(Math.sqrt(squares / claimed)).isBetween(1 / 1.5, 1.5);
            assertThat(Math.sqrt(claimed / 60)).isGreaterThan(0.01);
        }
    }

    @Test
    void whatIsRefused() {
        Dataset rows = Dataset.of(List.of("a", "b"), new double[] {1, 2, 3, 4});
        try (ScoreModel model = SmallModels.normalScore(backend)) {
            assertThatThrownBy(() -> FlowLogLikelihood.of(model, rows, 100, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without noise levels")
                    .hasMessageContaining("--noise-levels");
        }
    }

    /** An affine network whose parameters are zero, or all of one value, in the data's units. */
    private static ScoreModel model(int dimension, int conditions, NoiseLevels levels, float parameters) {
        ScoreMlp network = new ScoreMlp(
                dimension, conditions + 1, List.of(), Activation.TANH, MlpOptions.NONE.withNoiseLevels(levels));
        float[] values = new float[ParameterLayout.of(network).size()];
        Arrays.fill(values, parameters);
        double[] means = new double[dimension + conditions];
        double[] deviations = new double[dimension + conditions];
        Arrays.fill(deviations, 1);
        return ScoreModel.of(
                new ModelContents(
                        network,
                        Parameters.of(network, values),
                        new Standardizer(means, deviations),
                        names("x", dimension),
                        names("c", conditions),
                        ModelExamples.PROVENANCE,
                        new double[0]),
                backend);
    }

    private static List<String> names(String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return names;
    }
}
