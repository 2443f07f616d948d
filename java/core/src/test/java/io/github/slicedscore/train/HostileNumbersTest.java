package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.SamplingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trainings on data and with settings that are hard to compute with, for every objective and both kinds of network: each either
 * works, and then scores, log-densities and samples are numbers, or stops with a message that names what is at fault. Whatever it
 * wrote is finite.
 */
class HostileNumbersTest {
    private static final String FULL_PROPERTY = "slicedscore.hostile.full";
    private static final Slices SLICE = new Slices(1, Projection.RADEMACHER);
    private static final String DIVERGED = "diverged at step";

    private static Backend backend;
    private static int worked;
    private static int stopped;

    @TempDir
    private Path directory;

    /**
     * A training.
     *
     * @param name what is hard about it
     * @param data what it learns
     * @param config how
     * @param mayWork whether it may work
     * @param message what the message contains, if it stops; empty if it may not
     */
    record Cell(String name, Dataset data, TrainingConfig config, boolean mayWork, List<String> message) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Columns of a few rows, each scale z + shift. */
    private static Dataset gaussian(int rows, double[] scales, double[] shifts) {
        Random random = new Random(5);
        double[][] values = new double[rows][scales.length];
        for (double[] row : values) {
            for (int i = 0; i < row.length; i++) {
                row[i] = shifts[i] + scales[i] * random.nextGaussian();
            }
        }
        return Dataset.of(
                IntStream.range(0, scales.length).mapToObj(i -> "c" + i).toList(), values);
    }

    private static Dataset scaled(double... scales) {
        return gaussian(60, scales, new double[scales.length]);
    }

    private static Dataset with(Dataset data, int row, double value) {
        double[][] rows = rows(data);
        rows[row][0] = value;
        return Dataset.of(data.columns(), rows);
    }

    private static double[][] rows(Dataset data) {
        double[][] rows = new double[data.rows()][data.columns().size()];
        for (int row = 0; row < rows.length; row++) {
            data.copyRow(row, rows[row], 0);
        }
        return rows;
    }

    private static Dataset twice(Dataset data) {
        return Dataset.of(
                data.columns(),
                Stream.of(rows(data), rows(data)).flatMap(Arrays::stream).toArray(double[][]::new));
    }

    private static Dataset first(Dataset data, int count) {
        return data.rows(IntStream.range(0, count).toArray());
    }

    /** Two columns: one that has values of only two neighbours, and a good one. */
    private static Dataset neighbours(double value) {
        double[][] rows = rows(scaled(1, 1));
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = i % 3 == 0 ? Math.nextUp(value) : value;
        }
        return Dataset.of(List.of("c0", "c1"), rows);
    }

    private static TrainingConfig.Builder quick() {
        return TrainingConfig.builder()
                .hidden(8, 8)
                .batch(16)
                .steps(12)
                .validationInterval(4)
                .learningRate(constant(5e-3));
    }

    private static LearningRate constant(double rate) {
        return new LearningRate(rate, LearningRate.Shape.CONSTANT, 0);
    }

    private static List<Objective> objectives() {
        return List.of(
                new VarianceReducedScoreMatching(SLICE),
                new SlicedScoreMatching(SLICE),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.1),
                new FiniteDifferenceScoreMatching(SLICE, 0.02),
                new MultiLevelDenoisingScoreMatching(new NoiseLevels(3, 0.1, 4)),
                new MultiLevelVarianceReducedScoreMatching(new NoiseLevels(3, 0.1, 4), SLICE),
                new CustomObjective("mine", SLICE, jet -> {
                    double p = jet.projected[0];
                    jet.projectedSeeds[0] = p;
                    jet.quadraticSeeds[0] = 1;
                    return jet.quadratic[0] + p * p / 2;
                }));
    }

    private static final class Cells {
        final List<Cell> all = new ArrayList<>();

        void add(String name, Dataset data, TrainingConfig.Builder config, String... message) {
            all.add(new Cell(name, data, config.build(), message.length == 0, List.of(message)));
        }

        void either(String name, Dataset data, TrainingConfig.Builder config) {
            all.add(new Cell(name, data, config.build(), true, List.of(DIVERGED)));
        }
    }

    private static void data(Cells cells, String how, Supplier<TrainingConfig.Builder> config) {
        cells.add("1e30" + how, scaled(1e30, 1e30), config.get());
        cells.add("1e-30" + how, scaled(1e-30, 1e-30), config.get());
        cells.add("1e30 beside 1e-30" + how, scaled(1e30, 1e-30, 1), config.get());
        cells.add("the range of floats and beyond" + how, scaled(3e38, 1e150, 1e-150), config.get());
        cells.add("1e200" + how, scaled(1e200, 1), config.get(), "'c0'", "too large to be squared");
        cells.add("1e-200" + how, scaled(1, 1e-200), config.get(), "'c1'", "too close together to be squared");
        cells.add("neighbouring doubles" + how, neighbours(1e30), config.get());
        cells.add("neighbouring doubles near 1" + how, neighbours(1), config.get());
        cells.add(
                "a spread of 1e-7" + how, gaussian(60, new double[] {1e-7, 1e-3}, new double[] {1, 1e4}), config.get());
        cells.add("a constant column" + how, scaled(1, 0), config.get(), "'c1' is constant", "--drop c1");
        cells.add("all rows equal" + how, scaled(0, 0), config.get(), "2 of 2 columns are constant");
        cells.add("each row twice" + how, twice(scaled(1, 1)), config.get());
        cells.add("one row" + how, first(scaled(1, 1), 1), config.get(), "there is 1 training row", "give more rows");
        cells.add("two rows" + how, first(scaled(1, 1), 2), config.get());
        cells.add("three rows, five columns" + how, first(scaled(1, 1, 1, 1, 1), 3), config.get());
        cells.add("an outlier" + how, with(scaled(1, 1), 3, 1000), config.get());
        cells.add("an outlier of 1e30" + how, with(scaled(1, 1), 3, 1e30), config.get());
        for (int row = 0; row < 60; row++) {
            // Whichever is held out.
            cells.either(
                    "maybe a held-out outlier of 1e9 in row " + row + how, with(scaled(1, 1), row, 1e9), config.get());
        }
    }

    private static void settings(Cells cells, String how, Supplier<TrainingConfig.Builder> config) {
        Dataset data = scaled(1, 1);
        cells.either("a rate of 1e3" + how, data, config.get().learningRate(constant(1e3)));
        cells.add("a rate of 1e30" + how, data, config.get().learningRate(constant(1e30)), DIVERGED);
        cells.add(
                "a rate of 1e300" + how,
                data,
                config.get().learningRate(constant(1e300)).steps(1).validationFraction(0),
                DIVERGED);
        cells.add("a weight decay of 1e30" + how, data, config.get().optimizer(new AdamW(1e30)), DIVERGED);
        cells.add(
                "a weight decay of 1e300" + how,
                data,
                config.get().optimizer(new AdamW(1e300)).steps(1).averageDecay(0.9),
                DIVERGED);
        cells.add(
                "an average of a rate of 1e38" + how,
                data,
                config.get()
                        .learningRate(constant(1e38))
                        .averageDecay(0.99999)
                        .validationFraction(0)
                        .steps(2),
                DIVERGED);
        cells.add("noise of 1e-30" + how, data, config.get().noise(1e-30));
        cells.add("a batch larger than the data" + how, data, config.get().batch(Integer.MAX_VALUE));
        cells.add("one row to train on" + how, data, config.get().validationFraction(0.99), "there is 1 training row");
        cells.add("no row to train on" + how, data, config.get().validationFraction(0.999), "0.999", "none of 60 rows");
        cells.add("no row held out" + how, data, config.get().validationFraction(0.001));
        cells.add(
                "patience without rows" + how,
                data,
                config.get().validationFraction(0.001).patience(3),
                "patience of 3",
                "holds out none");
        for (Activation activation : List.of(Activation.SOFTPLUS, Activation.SILU, Activation.TANH, Activation.SIN)) {
            cells.either(
                    "weights blown up with " + activation.id() + how,
                    data,
                    config.get().activation(activation).learningRate(constant(1e6)));
        }
    }

    /** Noise and bases that the numbers of a network can hardly bear. */
    private static void scales(Cells cells, ModelKind kind) {
        Dataset data = scaled(1, 1);
        String how = ", " + kind.id();
        for (double sigma : new double[] {1e-300, 1e-30, 1e-10, 1e10, 1e30, 1e300}) {
            cells.either("sigma " + sigma + how, data, quick().kind(kind).objective(new DenoisingScoreMatching(sigma)));
            cells.either("base " + sigma + how, data, quick().kind(kind).base(sigma));
            cells.either(
                    "differences of " + sigma + how,
                    data,
                    quick().kind(kind).objective(new FiniteDifferenceScoreMatching(SLICE, sigma)));
        }
        for (double ratio : new double[] {1e10, 1e30, 1e38, 1e200}) {
            NoiseLevels levels = new NoiseLevels(ratio, 1 / ratio, 4);
            cells.either(
                    "levels to " + ratio + ", multi-dsm" + how,
                    data,
                    quick().kind(kind).objective(new MultiLevelDenoisingScoreMatching(levels)));
            cells.either(
                    "levels to " + ratio + ", multi-ssm-vr" + how,
                    data,
                    quick().kind(kind).objective(new MultiLevelVarianceReducedScoreMatching(levels, SLICE)));
        }
        for (double scale : new double[] {1e-30, 1e10, 1e38}) {
            cells.either("waves of " + scale + how, data, quick().kind(kind).fourier(new FourierFeatures(3, scale, 1)));
        }
    }

    /** More columns than rows, and than most. */
    private static void wide(Cells cells, ModelKind kind) {
        double[] ones = new double[10_000];
        Arrays.fill(ones, 1);
        cells.add(
                "10,000 columns, " + kind.id(),
                gaussian(12, ones, new double[ones.length]),
                quick().kind(kind).hidden(2).steps(3));
    }

    static List<Cell> cells() {
        boolean full = Boolean.getBoolean(FULL_PROPERTY);
        Cells cells = new Cells();
        for (Objective objective : objectives()) {
            for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
                if (full || (kind == ModelKind.ENERGY && objective.id().equals("ssm-vr"))) {
                    data(cells, ", " + objective.id() + ", " + kind.id(), () -> quick().kind(kind)
                            .objective(objective));
                }
                settings(cells, ", " + objective.id() + ", " + kind.id(), () -> quick().kind(kind)
                        .objective(objective));
            }
        }
        for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
            scales(cells, kind);
            wide(cells, kind);
        }
        return cells.all;
    }

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
        System.out.printf(
                "%d hostile trainings: %d worked, %d stopped with a named reason%n", worked + stopped, worked, stopped);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void worksOrStopsWithAReason(Cell cell) throws IOException {
        String message = "";
        try {
            TrainingReport report = new Trainer(cell.config(), cell.data(), backend)
                    .checkpoints(directory)
                    .run();
            report.model().save(directory.resolve("model.safetensors"));
            requireUsable(cell.data());
            worked++;
        } catch (IllegalArgumentException | DivergenceException e) {
            message = e.getMessage();
            stopped++;
        }
        if (!cell.mayWork() || (!message.isEmpty() && !cell.message().isEmpty())) {
            assertThat(message).contains(cell.message());
        } else {
            assertThat(message).isEmpty();
        }
        requireFiniteFiles();
    }

    private void requireUsable(Dataset data) throws IOException {
        try (ScoreModel model = ScoreModel.of(ModelFile.read(directory.resolve("model.safetensors")), backend)) {
            for (double[] row : rows(data)) {
                for (double score : model.score(row)) {
                    assertThat(score).isFinite();
                }
                if (model.hasDensity()) {
                    assertThat(model.logDensity(row)).isFinite();
                }
            }
            try {
                for (double[] row : rows(new Langevin(20, 1e-2, 1e-3).sample(model, 5, 3))) {
                    for (double value : row) {
                        assertThat(value).isFinite();
                    }
                }
            } catch (SamplingException e) {
                assertThat(e.getMessage()).contains("ran away");
            }
        }
    }

    /** Histories and losses may have no held-out loss, which is NaN; nothing else may. */
    private void requireFiniteFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".safetensors"))
                    .toList()) {
                SafeTensors content = SafeTensors.read(file);
                content.tensors().forEach((name, tensor) -> assertThat(
                                tensor.isFinite() || name.equals("series.validation_loss"))
                        .as("%s of %s is finite", name, file)
                        .isTrue());
                content.metadata().forEach((name, value) -> assertThat(value)
                        .as("%s of %s", name, file)
                        .matches(text -> !text.matches(".*(NaN|Infinity).*") || name.contains("loss")));
            }
        }
    }
}
