package io.github.slicedscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.eval.AnomalyScores;
import io.github.slicedscore.eval.AnomalyStatistic;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.SamplingException;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows far from the data, given to a model, and numbers that are none, given to whatever takes numbers: the answers are finite, or
 * minus infinity where they are below all numbers, or a refusal that says which number it is; nothing that is not finite is stored.
 */
class HostileRowsTest {
    private static final double[] DISTANCES = {1e3, 1e10, 1e18, 1e20, 1e30, 1e37};
    private static final Dataset DATA = GaussianMixture.demo().sample(1, 100);

    private static Backend backend;
    private static int answers;
    private static int refusals;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
        System.out.printf("%d answers for far rows, %d numbers refused by place%n", answers, refusals);
    }

    private static ScoreModel model(ModelKind kind, Activation activation) throws IOException {
        TrainingConfig config = TrainingConfig.builder()
                .kind(kind)
                .activation(activation)
                .hidden(8, 8)
                .batch(16)
                .steps(10)
                .build();
        return new Trainer(config, DATA, backend).run().model();
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SOFTPLUS", "SILU", "TANH", "GELU", "SIGMOID", "SIN"})
    void farRowsHaveScoresAndTheLeastDensities(Activation activation) throws IOException {
        for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
            ScoreModel model = model(kind, activation);
            double last = Double.POSITIVE_INFINITY;
            for (double distance : DISTANCES) {
                double[] row = {distance, -distance};
                double[] direction = {1, 1};
                assertThat(model.score(row)).satisfies(HostileRowsTest::finite);
                assertThat(model.jvp(row, direction)).satisfies(HostileRowsTest::finite);
                assertThat(model.quadraticForm(row, direction)).isFinite();
                answers += 3;
                if (model.hasDensity()) {
                    double logDensity = model.logDensity(row);
                    // The base: |z|^2 / (2 3^2) is what is left of it so far away.
                    assertThat(logDensity).isLessThanOrEqualTo(last);
                    assertThat(Double.isFinite(logDensity)).isEqualTo(distance < 1e19);
                    assertThat(model.percentile(logDensity)).isZero();
                    last = logDensity;
                    answers++;
                }
            }
        }
    }

    private static void finite(double[] values) {
        assertThat(Arrays.stream(values)).allMatch(Double::isFinite);
    }

    @Test
    void theFarthestRowIsTheFirstAnomaly() throws IOException {
        Dataset rows = Dataset.of(DATA.columns(), new double[] {0, 0, 1e30, 0, 1, 1, 100, 100});
        for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
            ScoreModel model = model(kind, Activation.SOFTPLUS);
            AnomalyScores scores = AnomalyScores.of(model, rows, AnomalyStatistic.of(model), 1);
            assertThat(scores.ranking()).startsWith(1, 3);
            answers += rows.rows();
        }
    }

    private static void refuses(Runnable call, String... words) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
        refusals++;
    }

    @Test
    void whatIsNoNumberIsRefusedByPlace() throws IOException {
        ScoreModel model = model(ModelKind.ENERGY, Activation.TANH);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            refuses(() -> Dataset.of(List.of("a", "b"), new double[] {1, 2, 3, bad}), "row 1", "'b'", "" + bad);
            refuses(() -> Dataset.of(List.of("a", "b"), new double[][] {{bad, 2}}), "row 0", "'a'", "" + bad);
            refuses(() -> new Standardizer(new double[] {bad}, new double[] {1}), "column 0", "" + bad);
            refuses(() -> new Standardizer(new double[] {1}, new double[] {bad}), "column 0", "" + bad);
            refuses(() -> model.score(0, bad), "row 0", "'" + model.columns().get(1) + "'", "leave such rows out");
            refuses(
                    () -> model.logDensity(bad, 0),
                    "row 0",
                    "'" + model.columns().get(0) + "'");
            refuses(() -> model.jvp(new double[] {0, 0}, new double[] {bad, 0}), "row 0");
            refuses(() -> TrainingConfig.builder().noise(bad).build(), "noise", "" + bad);
            refuses(() -> new Augmentation(new float[1], (float) Math.abs(bad)), "noise");
            refuses(() -> new Augmentation(new float[] {(float) Math.abs(bad)}, 0), "half widths");
        }
        // Too large for a float in standardised units.
        refuses(() -> model.score(0, 1e39), "row 0", "too large for a float");
    }

    /** What comes in an array that nobody looks through does not get into the parameters. */
    @Test
    void rowsThatAreNoNumbersDoNotReachTheParameters() {
        TrainingSpec spec = new TrainingSpec(
                new ScoreMlp(2, 0, List.of(4), Activation.TANH),
                new ExactScoreMatching(),
                new Adam(),
                new Schedule.Constant(1e-3),
                0,
                0.9,
                2,
                1);
        TrainingState start = TrainingState.initial(spec.architecture(), 1);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
            TrainingRows rows = new TrainingRows(new float[] {1, bad, 0, 1}, 2, 2, 0, Augmentation.none(2));
            try (TrainingRun run = backend.openTraining(spec, rows, start)) {
                StepResult result = run.step(5);
                if (Float.isFinite(bad)) {
                    assertThat(run.state().step()).isEqualTo(5);
                } else {
                    assertThat(result.isFinite()).isFalse();
                    assertThat(run.state()).isEqualTo(start);
                }
                assertThat(run.state().parameters()).satisfies(HostileRowsTest::finite);
                assertThat(run.state().secondMoment()).satisfies(HostileRowsTest::finite);
                answers++;
            }
        }
    }

    private static void finite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void nothingThatIsNotFiniteIsStored() throws IOException {
        ScoreModel model = model(ModelKind.ENERGY, Activation.TANH);
        model.save(directory.resolve("good.safetensors"));
        ModelContents good = ModelFile.read(directory.resolve("good.safetensors"));
        Path file = directory.resolve("bad.safetensors");
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            float[] values = good.parameters().toArray();
            values[values.length / 2] = bad;
            ModelContents damaged = new ModelContents(
                    good.architecture(),
                    Parameters.of(good.architecture(), values),
                    good.standardizer(),
                    good.columns(),
                    good.conditions(),
                    good.provenance(),
                    good.validationLogDensities());
            refuses(() -> write(damaged, file), "layers.", "NaN or infinity");
            refuses(
                    () -> new ModelContents(
                            good.architecture(),
                            good.parameters(),
                            good.standardizer(),
                            good.columns(),
                            good.conditions(),
                            good.provenance(),
                            new double[] {bad}),
                    "log-density");
            float[] ok = {1};
            float[] no = {bad};
            for (int place = 0; place < 5; place++) {
                Checkpoint checkpoint = new Checkpoint(
                        Map.of(),
                        "cpu-plain",
                        1,
                        3,
                        place == 0 ? no : ok,
                        place == 1 ? no : ok,
                        place == 2 ? no : ok,
                        place == 3 ? no : ok,
                        place == 4 ? no : ok,
                        2,
                        Double.NaN,
                        Map.of());
                refuses(() -> write(checkpoint, file), "NaN or infinity");
            }
            assertThat(file).doesNotExist();
            // Nor drawn from in silence.
            ScoreModel lost = ScoreModel.of(damaged, backend);
            assertThatThrownBy(() -> new Langevin(5, 1e-2, 1e-3).sample(lost, 3, 1))
                    .isInstanceOf(SamplingException.class)
                    .hasMessageContaining("of 64 samples ran away");
        }
    }

    private static void write(ModelContents contents, Path file) {
        try {
            ModelFile.write(contents, file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Checkpoint checkpoint, Path file) {
        try {
            checkpoint.write(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The held-out rows' mean and deviation are not theirs, and a column that hardly varies is as good as another one. */
    @Test
    void columnsThatHardlyVaryAreStandardised() {
        double[] values = new double[2000];
        for (int i = 0; i < values.length; i++) {
            // A hundred neighbours of 10^9, half of the values of one parity.
            values[i] = 1e9 + (i * 7919L % 100) * Math.ulp(1e9);
        }
        Dataset data = Dataset.of(List.of("x"), values);
        int[] all = java.util.stream.IntStream.range(0, values.length).toArray();
        Standardizer standardizer = Standardizer.fit(data, all);
        double sum = 0;
        double square = 0;
        for (double value : values) {
            double z = standardizer.standardize(0, value);
            sum += z / values.length;
            square += z * z / values.length;
        }
        // The mean is one of the neighbours, half of their distance off at the most.
        assertThat(sum).isCloseTo(0, within(0.5 / 28.8));
        assertThat(square).isCloseTo(1, within(1e-3));
    }
}
