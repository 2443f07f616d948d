package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Augmentation;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.Split;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.sample.Langevin;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sizes beyond what an int, an array or this heap of a gigabyte holds work, or are refused with figures and what takes less. */
class LimitsTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 200);

    /** 1.1 GB, or 1.0 with the collector of machines with one processor, which does not count all of it. */
    private static final String HEAP =
            String.format(Locale.ROOT, "Java has %.1f GB", Runtime.getRuntime().maxMemory() / 1e9);

    private static final Slices SLICE = new Slices(1, Projection.RADEMACHER);

    private static Backend backend;
    private static int refused;
    private static int worked;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
        System.out.printf(
                "%d sizes beyond limits: %d worked, %d refused with figures%n", worked + refused, worked, refused);
    }

    private static void refuses(Class<? extends RuntimeException> type, ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessageContainingAll(words);
        refused++;
    }

    private static void open(Architecture architecture, Objective objective, int batch) {
        TrainingSpec spec =
                new TrainingSpec(architecture, objective, new Adam(), new Schedule.Constant(1e-3), 0, 0, batch, 1);
        int dimension = architecture.dimension();
        TrainingRows rows = new TrainingRows(new float[dimension], 1, dimension, 0, Augmentation.none(dimension));
        backend.openTraining(spec, rows, TrainingState.initial(architecture, 1)).close();
    }

    private static ScoreMlp network(Integer... hidden) {
        return new ScoreMlp(2, 0, List.of(hidden), Activation.SOFTPLUS);
    }

    @Test
    void networksBeyondAnArrayOrTheHeap() {
        refuses(
                IllegalArgumentException.class,
                () -> ParameterLayout.of(network(46_341, 46_341)),
                "[46341, 46341]",
                "2^31 - 1 parameters",
                "narrower");
        refuses(
                IllegalArgumentException.class,
                () -> ParameterLayout.of(network(Integer.MAX_VALUE, Integer.MAX_VALUE)),
                "2^31 - 1 parameters");
        refuses(
                OutOfHeapException.class,
                () -> open(network(30_000, 30_000), new SlicedScoreMatching(SLICE), 1),
                "900180002 parameters",
                "takes 18.0 GB",
                HEAP,
                "narrower");
        MlpOptions waves = MlpOptions.NONE.withFourier(new FourierFeatures(1 << 30, 1, 1));
        refuses(
                IllegalArgumentException.class,
                () -> new EnergyMlp(2, 0, List.of(4), Activation.TANH, 1, waves),
                "2147483648 waves of 2 columns",
                "take fewer");
    }

    @Test
    void batchesTimesStreamsBeyondTheHeap() {
        refuses(
                OutOfHeapException.class,
                () -> open(network(4), new SlicedScoreMatching(SLICE), Integer.MAX_VALUE),
                "a batch of 2147483647 rows, each of 2 streams through 8 units",
                "17.2 GB",
                "take a smaller batch");
        // 65,536 rows of 17 streams at a time of 2052 units are 2 * 10^9 numbers.
        ScoreMlp wide = new ScoreMlp(1024, 0, List.of(1024, 4), Activation.SOFTPLUS);
        refuses(
                OutOfHeapException.class,
                () -> open(wide, new ExactScoreMatching(), 65_536),
                "65536 rows, each of 17 streams",
                "GB",
                "'ssm-vr' with one slice");
        refuses(
                OutOfHeapException.class,
                () -> open(network(64), new SlicedScoreMatching(new Slices((1 << 24) - 1, Projection.GAUSSIAN)), 1),
                "16777216 streams through 68 units",
                "fewer slices");
        refuses(
                OutOfHeapException.class,
                () -> backend.openObjective(
                        network(64), new SlicedScoreMatching(new Slices((1 << 24) - 1, Projection.GAUSSIAN))),
                "a batch of 256 rows");
    }

    /** Not more streams than there is room for, but more than the data have columns, by far. */
    @Test
    void manySlicesWork() {
        open(network(3), new SlicedScoreMatching(new Slices(5000, Projection.SPHERE)), 3);
        worked++;
    }

    @Test
    void tablesBeyondAnArray() {
        double[][] rows = new double[70_000][];
        Arrays.fill(rows, new double[40_000]);
        List<String> columns = IntStream.range(0, 40_000).mapToObj(i -> "c" + i).toList();
        refuses(
                IllegalArgumentException.class,
                () -> Dataset.of(columns, rows),
                "70000 rows of 40000 numbers",
                "2^31",
                "convert",
                "RowsFile");
        Dataset narrow = Dataset.of(columns, new double[1][40_000]);
        refuses(IllegalArgumentException.class, () -> narrow.rows(new int[70_000]), "70000 rows of 40000 numbers");
        refuses(
                IllegalArgumentException.class,
                () -> Split.of(Integer.MAX_VALUE, 0.5, 1),
                "0.5 of 2147483647 rows holds out 1073741824",
                "12.9 GB",
                HEAP,
                "make it smaller");
        assertThat(Split.of(Integer.MAX_VALUE, 1e-8, 1).validation().size()).isEqualTo(21);
        worked++;
    }

    @Test
    void samplesBeyondAnArrayOrTheHeap() throws IOException {
        TrainingConfig config = TrainingConfig.builder().hidden(4).steps(2).build();
        ScoreModel model = new Trainer(config, DATA, backend).run().model();
        refuses(
                IllegalArgumentException.class,
                () -> Langevin.standard().sample(model, 2_000_000_000, 1),
                "2000000000 samples of 2 columns",
                "another seed");
        refuses(
                OutOfHeapException.class,
                () -> Langevin.standard().sample(model, 100_000_000, 1),
                "100000000 samples of 2 columns takes 3.2 GB",
                HEAP);
        refuses(IllegalArgumentException.class, () -> Langevin.standard().sample(model, 0, 1), "not 0");
        refuses(IllegalArgumentException.class, () -> Langevin.standard().sample(model, -1, 1), "not -1");
    }

    /** More steps than will ever be done, and epochs of which there are more than an int counts. */
    @Test
    void stepsWithoutEndAreStopped() throws IOException {
        for (TrainingConfig config : List.of(
                TrainingConfig.builder().hidden(4).steps(Long.MAX_VALUE).build(),
                TrainingConfig.builder()
                        .hidden(4)
                        .epochs(Integer.MAX_VALUE)
                        .batch(1)
                        .build())) {
            Trainer trainer = new Trainer(config, DATA, backend);
            trainer.listener(new TrainingListener() {
                @Override
                public void stepped(StepResult result) {
                    assertThat(result.isFinite()).isTrue();
                    if (result.step() == 3) {
                        trainer.requestStop();
                    }
                }
            });
            assertThat(trainer.run().steps()).isEqualTo(3);
            worked++;
        }
    }

    @Test
    void nothingAndLess() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            refuses(
                    IllegalArgumentException.class,
                    () -> TrainingConfig.builder().batch(size).build(),
                    "batch",
                    "" + size);
            refuses(
                    IllegalArgumentException.class,
                    () -> TrainingConfig.builder().epochs(size).build(),
                    "epoch",
                    "" + size);
            refuses(IllegalArgumentException.class, () -> new Slices(size, Projection.SPHERE), "slices", "" + size);
            refuses(IllegalArgumentException.class, () -> network(size), "" + size);
            refuses(IllegalArgumentException.class, () -> new FourierFeatures(size, 1, 1), "" + size);
        }
        refuses(
                IllegalArgumentException.class,
                () -> TrainingConfig.builder().steps(-1).build(),
                "-1 steps");
    }
}
