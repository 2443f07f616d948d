package io.github.slicedscore.data;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.optim.Schedule;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.zip.CRC32C;

/**
 * Trains a few steps on a file of 3 billion numbers, 12 GB of which nearly all are holes: only the rows that the first steps draw
 * hold numbers, which say which row they are. A program, for a JVM with a small heap.
 */
final class HugeRows {
    static final int ROWS = 1_500_000_000;
    static final int BATCH = 16;
    static final int STEPS = 4;

    private static final int HEAD = 64;
    private static final int ROW_BYTES = 2 * Float.BYTES;
    private static final long SEED = 3;

    /** Of the held-out rows: fifteen. */
    private static final double FRACTION = 1e-8;

    private HugeRows() {}

    /** Writes the head, by the documentation of {@link RowsFile}, and holes up to the end of the file. */
    static void write(Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        head.put(RowsFile.MAGIC)
                .putInt(1)
                .putInt(HEAD)
                .putLong(ROWS)
                .putInt(2)
                .putInt(1)
                .putInt(0)
                .putInt(0);
        for (String name : List.of("a", "b")) {
            head.putInt(1).put(name.getBytes(StandardCharsets.UTF_8));
        }
        CRC32C checksum = new CRC32C();
        checksum.update(head.clear());
        head.putInt(32, (int) checksum.getValue());
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(head.array());
            out.setLength(HEAD + (long) ROWS * ROW_BYTES);
        }
    }

    /** Which rows of the table the steps draw. */
    private static NavigableSet<Integer> drawn(RowSet training) {
        BatchOrder order = new BatchOrder(SEED, training.size());
        NavigableSet<Integer> rows = new TreeSet<>();
        for (int step = 0; step < STEPS; step++) {
            for (int position = 0; position < BATCH; position++) {
                rows.add(training.row(order.row(step, BATCH, position)));
            }
        }
        return rows;
    }

    /** Gives each of some rows the numbers that {@link #mark} makes of it. */
    private static void plant(Path file, NavigableSet<Integer> rows) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            ByteBuffer row = ByteBuffer.allocate(ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i : rows) {
                row.clear().putFloat(high(i)).putFloat(low(i));
                out.seek(HEAD + (long) i * ROW_BYTES);
                out.write(row.array());
            }
        }
    }

    private static float high(int row) {
        return 1 + (row >> 16);
    }

    private static float low(int row) {
        return 1 + (row & 0xFFFF);
    }

    private static int mark(double high, double low) {
        return (((int) Math.round(high) - 1) << 16) + (int) Math.round(low) - 1;
    }

    /**
     * Trains, and prints how many of the drawn rows were seen, and the last of them.
     *
     * @param arguments the file, and "steps" to train on it as it lies there, or "trainer" to read all of it: to check, hash and
     *     standardise it
     */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        Path file = Path.of(arguments[0]);
        boolean whole = arguments[1].equals("trainer");
        Split split = Split.of(ROWS, whole ? FRACTION : 0, SEED);
        NavigableSet<Integer> wanted = drawn(split.training());
        plant(file, wanted);
        NavigableSet<Integer> seen = new ConcurrentSkipListSet<>();
        ExplicitFisherDivergence objective = new ExplicitFisherDivergence((x, into) -> {
            if (x[0] > 0.5) {
                seen.add(mark(x[0], x[1]));
            }
            into[0] = 0;
            into[1] = 0;
        });
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            if (whole) {
                train(file, objective, backend);
            } else {
                step(file, split, objective, backend);
            }
        }
        System.out.printf(
                "%d drawn, seen %s, the last one %d%n",
                wanted.size(), seen.equals(wanted) ? "all" : seen, wanted.last());
        System.out.printf("%.0f s%n", (System.nanoTime() - start) / 1e9);
    }

    private static void step(Path file, Split split, ExplicitFisherDivergence objective, Backend backend)
            throws IOException {
        MatrixLayout layout =
                new MatrixLayout(List.of("a", "b"), ROWS, NumberType.FLOAT32, ByteOrder.LITTLE_ENDIAN, false, HEAD);
        Dataset data = Dataset.of(layout.columns(), PackedValues.map(file, layout));
        Standardizer none = new Standardizer(new double[2], new double[] {1, 1});
        TrainingSpec spec = new TrainingSpec(
                new ScoreMlp(2, 0, List.of(4), Activation.TANH),
                objective,
                new Adam(),
                new Schedule.Constant(1e-3),
                0,
                0,
                BATCH,
                SEED);
        TrainingRows rows = TrainingRows.of(data, split.training(), none, 2, Augmentation.none(2));
        try (TrainingRun run = backend.openTraining(spec, rows, TrainingState.initial(spec.architecture(), SEED))) {
            StepResult result = run.step(STEPS);
            if (!result.isFinite()) {
                throw new AssertionError(result);
            }
        }
    }

    private static void train(Path file, ExplicitFisherDivergence objective, Backend backend) throws IOException {
        TrainingConfig config = TrainingConfig.builder()
                .kind(ModelKind.SCORE)
                .hidden(4)
                .batch(BATCH)
                .steps(STEPS)
                .seed(SEED)
                .objective(objective)
                .validationFraction(FRACTION)
                .dequantize(false)
                .noise(0)
                .learningRate(new LearningRate(1e-3, LearningRate.Shape.CONSTANT, 0))
                .build();
        new Trainer(config, DataReader.read(file, CsvOptions.DEFAULT, ReadOptions.DEFAULT), backend).run();
    }
}
