package io.github.slicedscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreModelTest {
    private static final Backend BACKEND = Backends.open("cpu", new BackendOptions());

    /** Of the examples: means (100, -3, 0.5), deviations (25, 0.125, 4); the third column is the condition. */
    private static final double[] ROW = {120, -3.1, 5};

    @TempDir
    Path directory;

    @AfterAll
    static void closeBackend() {
        BACKEND.close();
    }

    @Test
    void anAffineScoreInOriginalUnits() {
        Architecture architecture = new ScoreMlp(2, 1, List.of(), Activation.TANH);
        Parameters parameters = Parameters.of(architecture, new float[] {-1, 2, 3, 0.5f, -4, 1, 0.25f, -0.5f});
        try (ScoreModel model = ScoreModel.of(ModelExamples.contents(architecture, parameters), BACKEND)) {
            // y = (0.8, -0.8), c = 1.125; W y + b = (-1 * 0.8 - 2 * 0.8 + 3 * 1.125 + 0.25, ...)
            assertClose(model.score(ROW), 1.225 / 25, 4.225 / 0.125);
            // v / d = (2, -8): J_y (v / d) = (-2 - 16, 1 + 32)
            assertClose(model.jvp(ROW, new double[] {50, -1}), -18.0 / 25, 33 / 0.125);
            assertThat(model.quadraticForm(ROW, new double[] {50, -1})).isEqualTo(-36 - 264, within(1e-3));
            assertThat(model.hasDensity()).isFalse();
        }
    }

    @Test
    void anAffineEnergyInOriginalUnits() {
        Architecture architecture = new EnergyMlp(2, 1, List.of(), Activation.TANH, 2);
        Parameters parameters = Parameters.of(architecture, new float[] {1, 2, 3, 0.5f});
        try (ScoreModel model = ScoreModel.of(ModelExamples.contents(architecture, parameters), BACKEND)) {
            double f = 0.8 - 1.6 + 3.375 + 0.5 - (0.64 + 0.64) / 8;
            assertThat(model.logDensity(ROW)).isEqualTo(f - Math.log(25) - Math.log(0.125), within(1e-5));
            assertClose(model.score(ROW), (1 - 0.2) / 25, (2 + 0.2) / 0.125);
            assertClose(model.jvp(ROW, new double[] {50, -1}), -0.25 * 2 / 25, 0.25 * 8 / 0.125);
        }
    }

    @Test
    void scoresAndCurvaturesAreDerivativesOfTheLogDensity() {
        try (ScoreModel model = ScoreModel.of(ModelExamples.energy(), BACKEND)) {
            double[] deviations = model.standardizer().deviations();
            double[] score = model.score(ROW);
            for (int i = 0; i < 2; i++) {
                double step = 0.02 * deviations[i];
                double difference = model.logDensity(moved(i, step)) - model.logDensity(moved(i, -step));
                assertThat(score[i] * deviations[i]).isEqualTo(difference / 0.04, within(2e-4));

                double[] unit = {i == 0 ? 1 : 0, i == 0 ? 0 : 1};
                double[] product = model.jvp(ROW, unit);
                double[] above = model.score(moved(i, step));
                double[] below = model.score(moved(i, -step));
                for (int j = 0; j < 2; j++) {
                    double scale = deviations[i] * deviations[j];
                    assertThat(product[j] * scale).isEqualTo((above[j] - below[j]) / (2 * step) * scale, within(2e-4));
                }
            }
            double[] v = {30, 0.2};
            double[] product = model.jvp(ROW, v);
            assertThat(model.quadraticForm(ROW, v)).isEqualTo(v[0] * product[0] + v[1] * product[1], within(1e-6));
            assertThat(model.score(moved(2, 3))).isNotEqualTo(score);
        }
    }

    /** A model of several levels takes rows without one, and answers at the smallest. */
    @Test
    void severalLevelsAreAskedAtTheSmallest() {
        try (ScoreModel model = ScoreModel.of(ModelExamples.leveled(), BACKEND)) {
            assertThat(model.noiseLevels()).contains(new NoiseLevels(4, 0.25, 9));
            float[] row = {0.8f, -0.8f, 1.125f, (float) Math.log(0.25)};
            float[] value = new float[1];
            float[] score = new float[2];
            model.scorer().evaluate(row, 1, value, score);
            assertThat(model.logDensity(ROW)).isEqualTo(value[0] - Math.log(25) - Math.log(0.125), within(1e-5));
            assertClose(model.score(ROW), score[0] / 25, score[1] / 0.125);
            assertThat(model.jvp(ROW, new double[] {50, -1})).hasSize(2);
        }
    }

    private static double[] moved(int column, double step) {
        double[] row = ROW.clone();
        row[column] += step;
        return row;
    }

    @Test
    void batchesAgreeWithSingleRowsFromManyThreads() {
        int count = 700_000; // more than fits one piece
        double[] rows = new double[count * 3];
        double[] directions = new double[count * 2];
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            rows[3 * i] = 100 + 25 * random.nextGaussian();
            rows[3 * i + 1] = -3 + 0.125 * random.nextGaussian();
            rows[3 * i + 2] = 4 * random.nextGaussian();
            directions[2 * i] = random.nextGaussian();
            directions[2 * i + 1] = random.nextGaussian();
        }
        try (ScoreModel model = ScoreModel.of(ModelExamples.energy(), BACKEND)) {
            double[] scores = new double[count * 2];
            double[] densities = new double[count];
            double[] products = new double[count * 2];
            double[] forms = new double[count];
            List<Runnable> questions = List.of(
                    () -> model.score(rows, count, scores),
                    () -> model.logDensity(rows, count, densities),
                    () -> model.jvp(rows, directions, count, products),
                    () -> model.quadraticForm(rows, directions, count, forms));
            questions.parallelStream().forEach(Runnable::run);

            IntStream.range(0, 400)
                    .map(i -> i == 0 ? count - 1 : i * 1777 % count)
                    .parallel()
                    .forEach(i -> {
                        double[] row = {rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]};
                        double[] direction = {directions[2 * i], directions[2 * i + 1]};
                        assertClose(model.score(row), scores[2 * i], scores[2 * i + 1]);
                        assertThat(model.logDensity(row)).isEqualTo(densities[i], within(1e-5));
                        assertClose(model.jvp(row, direction), products[2 * i], products[2 * i + 1]);
                        assertThat(model.quadraticForm(row, direction))
                                .isEqualTo(forms[i], within(1e-5 * (1 + Math.abs(forms[i]))));
                    });
        }
    }

    @Test
    void batchesAllocateNothingPerRow() {
        int count = 20_000;
        double[] rows = new double[count * 3];
        double[] scores = new double[count * 2];
        try (ScoreModel model = ScoreModel.of(ModelExamples.energy(), BACKEND)) {
            model.score(rows, count, scores);
            model.jvp(rows, scores, count, scores.clone());
            var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = bean.getCurrentThreadAllocatedBytes();
            model.score(rows, count, scores);
            assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(count);
        }
    }

    @Test
    void percentilesCountTheRowsBelow() {
        try (ScoreModel model = ScoreModel.of(ModelExamples.energy(), BACKEND)) { // -4.5, -2, 1, 3
            assertThat(model.percentile(-5)).isEqualTo(0);
            assertThat(model.percentile(-2)).isEqualTo(25);
            assertThat(model.percentile(0)).isEqualTo(50);
            assertThat(model.percentile(4)).isEqualTo(100);
            assertThat(model.percentile(Double.NaN)).isNaN();
        }
        try (ScoreModel model = ScoreModel.of(ModelExamples.score(), BACKEND)) {
            assertThat(model.percentile(1)).isNaN();
        }
    }

    @Test
    void aScoreNetworkSaysWhyItHasNoDensity() {
        try (ScoreModel model = ScoreModel.of(ModelExamples.score(), BACKEND)) {
            assertThatThrownBy(() -> model.logDensity(ROW))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("score network")
                    .hasMessageContaining("train an energy");
        }
    }

    @Test
    void savedAndLoadedItAnswersTheSame() throws Exception {
        Path file = directory.resolve("model.safetensors");
        try (Backend auto = Backends.auto(); // as load has it
                ScoreModel model = ScoreModel.of(ModelExamples.energy(), auto)) {
            model.save(file);
            try (ScoreModel loaded = ScoreModel.load(file)) {
                assertThat(loaded.score(ROW)).isEqualTo(model.score(ROW));
                assertThat(loaded.columns()).isEqualTo(model.columns());
                assertThat(loaded.conditions()).containsExactly("year");
                assertThat(loaded.architecture()).isEqualTo(model.architecture());
                assertThat(loaded.provenance()).isEqualTo(ModelExamples.PROVENANCE);
                assertThat(loaded.parameters()).isEqualTo(model.parameters());
            }
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        ScoreModel model = ScoreModel.of(ModelExamples.energy(), BACKEND);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.score(1, 2))
                .withMessageContaining("3 numbers")
                .withMessageContaining("given year");
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(1, 2, 3, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.jvp(ROW, ROW))
                .withMessageContaining("2 numbers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.score(new double[6], 3, new double[6]))
                .withMessageContaining("9 numbers");
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(new double[6], 2, new double[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(new double[6], -1, new double[6]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.score(new double[] {1, 2, 3, 4, 5, Double.NaN}, 2, new double[4]))
                .withMessageContaining("row 1")
                .withMessageContaining("'year'");
        model.score(new double[0], 0, new double[0]);
        model.close();
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> model.score(ROW));
    }

    private static void assertClose(double[] actual, double... wanted) {
        assertThat(actual).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(actual[i]).isEqualTo(wanted[i], within(1e-5 * (1 + Math.abs(wanted[i]))));
        }
    }
}
