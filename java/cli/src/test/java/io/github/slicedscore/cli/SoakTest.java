package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains with checkpoints, loads, scores and samples, over and over: memory, threads, files and the rate of steps stay what they
 * were, and nothing is logged above INFO. An hour, under the profile soak alone; the figures lie in target/soak.csv, their picture
 * in target/soak.png.
 */
@EnabledIfSystemProperty(
        named = "slicedscore.soak.minutes",
        matches = "[1-9][0-9]*",
        disabledReason = "takes an hour: mvn -Psoak test -Dtest=SoakTest")
class SoakTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 2000);
    private static final Duration BETWEEN = Duration.ofSeconds(10);
    private static final BackendOptions OPTIONS =
            new BackendOptions(Integer.getInteger("slicedscore.soak.threads", new BackendOptions().threads()), 0);
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @TempDir
    Path folder;

    /**
     * What was seen at one moment.
     *
     * @param minutes since the start
     * @param heap MB in use after a collection
     * @param resident MB of the process, of Java's and of native memory
     * @param threads alive
     * @param files open
     * @param rate training steps a second since the moment before
     * @param cost CPU microseconds of a training step since then, of all threads together: other programs do not change it much
     */
    record Moment(
            double minutes, double heap, double resident, double threads, double files, double rate, double cost) {
        static final List<String> NAMES =
                List.of("minutes", "heap_mb", "resident_mb", "threads", "files", "steps_per_second", "cpu_us_per_step");

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%.2f,%.2f,%.1f,%.0f,%.0f,%.0f,%.1f",
                    minutes,
                    heap,
                    resident,
                    threads,
                    files,
                    rate,
                    cost);
        }
    }

    @Test
    void nothingGrows() throws IOException {
        Duration whole = Duration.ofMinutes(Long.getLong("slicedscore.soak.minutes"));
        List<Moment> moments = new ArrayList<>();
        List<String> loud = new CopyOnWriteArrayList<>();
        Handler listening = listening(loud);
        Logger.getLogger("").addHandler(listening);
        int rounds = 0;
        Set<String> threads = Set.of();
        try (Backend backend = Backends.open("cpu", OPTIONS)) {
            long start = System.nanoTime();
            long last = start;
            long steps = 0;
            double training = 0;
            double computing = 0;
            while (System.nanoTime() - start < whole.toNanos()) {
                long began = System.nanoTime();
                long computed = PROCESS.getProcessCpuTime();
                steps += train(backend, rounds);
                training += (System.nanoTime() - began) / 1e9;
                computing += (PROCESS.getProcessCpuTime() - computed) / 1e3;
                use(rounds);
                rounds++;
                if (System.nanoTime() - last >= BETWEEN.toNanos()) {
                    threads = moments.isEmpty() ? threads() : threads;
                    moments.add(moment((System.nanoTime() - start) / 60e9, steps / training, computing / steps));
                    last = System.nanoTime();
                    steps = 0;
                    training = 0;
                    computing = 0;
                }
            }
            Set<String> later = threads();
            later.removeAll(threads);
            System.out.println("threads that came later: " + later);
        } finally {
            Logger.getLogger("").removeHandler(listening);
        }
        write(moments);
        System.out.printf("%d rounds of training, scoring and sampling in %d minutes%n", rounds, whole.toMinutes());
        assertThat(loud).isEmpty();
        assertFlat(moments, "heap", Moment::heap, 1.05, 1);
        assertFlat(moments, "resident", Moment::resident, 1.05, 8);
        assertFlat(moments, "threads", Moment::threads, 1, 0);
        assertFlat(moments, "files", Moment::files, 1, 0);
        assertFlat(moments, "CPU microseconds a step", Moment::cost, 1.2, 0);
        // Looser: other programs of the machine have their part in it.
        assertFlat(moments, "seconds a step", moment -> 1 / moment.rate(), 1.5, 0);
    }

    private long train(Backend backend, int round) throws IOException {
        TrainingConfig config = TrainingConfig.builder()
                .hidden(32, 32)
                .batch(128)
                .steps(2000)
                .seed(round)
                .build();
        TrainingReport report = new Trainer(config, DATA, backend)
                .checkpoints(folder.resolve("checkpoints"))
                .checkpointInterval(Duration.ofMillis(100))
                .run();
        try (ScoreModel model = report.model()) {
            model.save(folder.resolve("model.safetensors"));
        }
        return report.steps();
    }

    /** As another program would, from the file. */
    private void use(int round) throws IOException {
        try (ScoreModel model = ScoreModel.load(folder.resolve("model.safetensors"))) {
            int rows = 5000;
            double[] points = new double[2 * rows];
            for (int i = 0; i < points.length; i++) {
                points[i] = DATA.value(i / 2 % DATA.rows(), i % 2);
            }
            double[] found = new double[points.length];
            model.score(points, rows, found);
            model.logDensity(points, rows, found);
            assertThat(found).doesNotContain(Double.NaN);
            Dataset samples = Langevin.standard().draw(model, 200, round).rows();
            assertThat(samples.rows()).isEqualTo(200);
        }
    }

    /** Names of the living. One that came later may be the JVM's own, such as that which answers {@code jcmd}. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private static Handler listening(List<String> loud) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() > Level.INFO.intValue()) {
                    loud.add(entry.getLoggerName() + ": " + entry.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private static Moment moment(double minutes, double rate, double cost) throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Moment(
                minutes,
                (runtime.totalMemory() - runtime.freeMemory()) / 1e6,
                residentMegabytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                rate,
                cost);
    }

    /** Where the system tells it: of Linux the resident pages of this process, 4 kB each. */
    private static double residentMegabytes() throws IOException {
        Path pages = Path.of("/proc/self/statm");
        return Files.exists(pages) ? Long.parseLong(Files.readString(pages).split(" ", -1)[1]) * 4096 / 1e6 : 0;
    }

    private static double openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.count();
        }
    }

    /** The last quarter against the second; the first has compilers and caches at work. */
    private static void assertFlat(
            List<Moment> moments, String name, ToDoubleFunction<Moment> of, double factor, double more) {
        int quarter = moments.size() / 4;
        double before = median(moments.subList(quarter, 2 * quarter), of);
        double after = median(moments.subList(moments.size() - quarter, moments.size()), of);
        System.out.printf(Locale.ROOT, "%s: %.4g in the second quarter, %.4g in the last%n", name, before, after);
        assertThat(after).as(name).isLessThanOrEqualTo(before * factor + more);
    }

    private static double median(List<Moment> moments, ToDoubleFunction<Moment> of) {
        double[] values = moments.stream().mapToDouble(of).sorted().toArray();
        assertThat(values).as("moments of a quarter").isNotEmpty();
        return values[values.length / 2];
    }

    private static void write(List<Moment> moments) throws IOException {
        Path target = Path.of("target");
        List<String> lines = new ArrayList<>(List.of(String.join(",", Moment.NAMES)));
        moments.forEach(moment -> lines.add(moment.line()));
        Files.write(target.resolve("soak.csv"), lines);
        Files.write(
                target.resolve("soak.png"),
                SoakChart.draw(
                        moments.stream().mapToDouble(Moment::minutes).toArray(),
                        Moment.NAMES.subList(1, Moment.NAMES.size()),
                        Stream.<ToDoubleFunction<Moment>>of(
                                        Moment::heap,
                                        Moment::resident,
                                        Moment::threads,
                                        Moment::files,
                                        Moment::rate,
                                        Moment::cost)
                                .map(of -> moments.stream().mapToDouble(of).toArray())
                                .toList()));
    }
}
