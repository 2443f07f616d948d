package io.github.slicedscore.bench.paper;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.bench.Machine;
import io.github.slicedscore.bench.NormalRows;
import io.github.slicedscore.bench.TimeAndMemory;
import io.github.slicedscore.bench.TimeAndMemory.Point;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.Schedule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The paper's figure 2: processor time of a training step of DKEF, and the memory that its run holds, against the dimension of the
 * data, 4860 rows of N(0, I). One thread steps; memory is the heap in use after a step less that before the run was opened.
 *
 * <pre>
 * java -cp bench/target/benchmarks.jar io.github.slicedscore.bench.paper.KernelTimes [--results bench/paper] [DIMENSION ...]
 * </pre>
 */
public final class KernelTimes {
    private static final int ROWS = 4860;
    private static final int FEWEST_STEPS = 3;
    private static final double SECONDS = 2;
    private static final long SEED = 1;

    private KernelTimes() {}

    /**
     * Measures, prints as it goes, and writes a section of RESULTS.md and a picture.
     *
     * @param args as above
     * @throws IOException if a file can't be written
     */
    public static void main(String[] args) throws IOException {
        Path results = Path.of("bench/paper");
        List<Integer> dimensions = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--results") && i + 1 < args.length) {
                results = Path.of(args[++i]);
            } else {
                dimensions.add(Integer.valueOf(args[i]));
            }
        }
        if (dimensions.isEmpty()) {
            dimensions = List.of(10, 25, 50, 100, 200, 400, 784);
        }
        Files.createDirectories(results);
        Map<String, List<Point>> points = new LinkedHashMap<>();
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0))) {
            for (int dimension : dimensions) {
                for (Objective objective : KernelTable.OBJECTIVES) {
                    // Once so that classes and compiled code don't count.
                    measure(backend, objective, dimension, 0);
                    Point point = measure(backend, objective, dimension, SECONDS);
                    System.out.println(objective.id() + ": " + point);
                    points.computeIfAbsent(objective.id(), id -> new ArrayList<>())
                            .add(point);
                }
            }
            String text = text(points, dimensions, backend.description());
            Sections.replace(results.resolve("RESULTS.md"), "Time against dimension (figure 2)", text);
        }
        TimeAndMemory.draw("DKEF, batch " + KernelRun.BATCH, points, results.resolve("dkef-time.png"));
    }

    private static Point measure(Backend backend, Objective objective, int dimension, double seconds) {
        DeepKernelEnergy network = KernelRun.network(dimension);
        TrainingSpec spec = new TrainingSpec(
                network, objective, new Adam(), new Schedule.Constant(KernelRun.RATE), 0, 0, KernelRun.BATCH, SEED);
        TrainingRows rows = NormalRows.of(ROWS, dimension, SEED);
        TrainingState start = TrainingState.initial(network, SEED, rows);
        double before = Machine.heapInUse();
        try (TrainingRun run = backend.openTraining(spec, rows, start)) {
            run.step(1);
            double held = Machine.heapInUse() - before;
            long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            double taken = 0;
            while (taken < seconds || run.step() <= FEWEST_STEPS) {
                if (!run.step(1).isFinite()) {
                    throw new IllegalStateException(objective.id() + " diverged in " + dimension + " dimensions");
                }
                taken = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from) / 1e9;
            }
            return new Point(dimension, 1e3 * taken / (run.step() - 1), held / 0x1p20);
        }
    }

    private static String text(Map<String, List<Point>> points, List<Integer> dimensions, String backend)
            throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("Milliseconds of one thread a step, batch ")
                .append(KernelRun.BATCH)
                .append(", and MiB that the run holds. ")
                .append(Machine.describe())
                .append("; ")
                .append(Machine.jdk())
                .append("; ")
                .append(backend)
                .append(".\n\n![time and memory](dkef-time.png)\n\n| objective |");
        dimensions.forEach(dimension -> text.append(" D = ").append(dimension).append(" |"));
        text.append("\n| --- |").append(" ---: |".repeat(dimensions.size())).append('\n');
        points.forEach((objective, list) -> {
            text.append("| ").append(objective).append(" |");
            list.forEach(point -> text.append(
                    String.format(Locale.ROOT, " %.1f ms, %.1f MiB |", point.milliseconds(), point.mebibytes())));
            text.append('\n');
        });
        return text.toString();
    }
}
