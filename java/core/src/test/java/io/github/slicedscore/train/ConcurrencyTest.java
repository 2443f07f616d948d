package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.train.TrainingReport.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models, trainings and listeners on many threads. After each test there are as many threads and open files as before. */
@Timeout(120)
class ConcurrencyTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 300);
    private static final int INTERRUPTS = Boolean.getBoolean("slicedscore.concurrency.full") ? 1000 : 40;

    private long filesBefore;

    @TempDir
    private Path directory;

    @BeforeEach
    void countBefore() throws IOException {
        assertThat(ownThreads()).isEmpty();
        filesBefore = openFiles();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(ownThreads()).isEmpty();
        assertThat(openFiles()).isLessThanOrEqualTo(filesBefore);
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("slicedscore"))
                .toList();
    }

    /** Descriptors of this process, where the system tells them. */
    private static long openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        // Not those of the JVM's jars, which it opens when it needs a class.
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.filter(ConcurrencyTest::isInATestsFolder).count();
        }
    }

    private static boolean isInATestsFolder(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("junit");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static TrainingConfig.Builder quick() {
        return TrainingConfig.builder().hidden(12, 7).batch(32).steps(150).validationInterval(10);
    }

    private static Backend open(int threads) {
        return Backends.open("cpu", new BackendOptions(threads, 0));
    }

    private static float[] bits(ScoreModel model) {
        return model.parameters().toArray();
    }

    private static float[] trainAlone(TrainingConfig config) throws IOException {
        try (Backend backend = open(2)) {
            return bits(new Trainer(config, DATA, backend).run().model());
        }
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneModelScoredByManyThreadsAnswersAsToOne(int backendThreads) throws Exception {
        int threads = 64;
        try (Backend backend = open(backendThreads);
                ScoreModel model =
                        new Trainer(quick().build(), DATA, backend).run().model()) {
            List<Callable<List<String>>> calls = new ArrayList<>();
            List<List<String>> wanted = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int seed = i;
                wanted.add(answers(model, new Random(seed)));
                calls.add(() -> answers(model, new Random(seed)));
            }
            assertThat(together(calls)).isEqualTo(wanted);
        }
    }

    /** Scores, densities and a batch of each, of random rows. */
    private static List<String> answers(ScoreModel model, Random random) {
        List<String> answers = new ArrayList<>();
        for (int call = 0; call < 10; call++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            answers.add(Arrays.toString(model.score(x, y)) + model.logDensity(x, y));
            int count = 1 + random.nextInt(40);
            double[] rows = random.doubles(2L * count).toArray();
            double[] scores = new double[2 * count];
            double[] densities = new double[count];
            model.score(rows, count, scores);
            model.logDensity(rows, count, densities);
            answers.add(Arrays.toString(scores) + Arrays.toString(densities));
        }
        return answers;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trainingsSideBySideLearnWhatEachLearnsAlone(boolean oneBackend) throws Exception {
        int trainings = 6;
        List<TrainingConfig> configs = IntStream.range(0, trainings)
                .mapToObj(i -> quick().seed(i).build())
                .toList();
        List<float[]> wanted = new ArrayList<>();
        for (TrainingConfig config : configs) {
            wanted.add(trainAlone(config));
        }
        try (Backend shared = open(2)) {
            List<Callable<float[]>> calls = new ArrayList<>();
            for (TrainingConfig config : configs) {
                calls.add(() -> oneBackend
                        ? bits(new Trainer(config, DATA, shared).run().model())
                        : trainAlone(config));
            }
            List<float[]> found = together(calls);
            for (int i = 0; i < trainings; i++) {
                assertThat(found.get(i)).as("training %d", i).isEqualTo(wanted.get(i));
            }
        }
    }

    /** Wherever it hits: before the first step, in a step, a validation or a save, or after the end. A thousand take minutes. */
    @Test
    @Timeout(900)
    void interruptedAtAnyMomentAndResumedItLearnsTheSame() throws Exception {
        TrainingConfig config = quick().build();
        float[] wanted = trainAlone(config);
        // A training of compiled code, with its checkpoints.
        long whole = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            interrupted(config, directory.resolve("whole-" + i), 0, false);
            whole = Math.min(whole, System.nanoTime() - start);
        }
        Random random = new Random(7);
        int stopped = 0;
        for (int i = 0; i < INTERRUPTS; i++) {
            Path checkpoints = directory.resolve("run-" + i);
            TrainingReport report = interrupted(config, checkpoints, (long) (random.nextDouble() * whole), true);
            stopped += report.end() == End.STOPPED ? 1 : 0;
            try (Backend backend = open(2)) {
                TrainingReport resumed = new Trainer(config, DATA, backend)
                        .checkpoints(checkpoints)
                        .resume()
                        .run();
                assertThat(bits(resumed.model()))
                        .as("stopped at %d", report.steps())
                        .isEqualTo(wanted);
            }
        }
        System.out.printf("%d interrupts, %d of them before the end: resumed to the same bits%n", INTERRUPTS, stopped);
        assertThat(stopped).isPositive();
    }

    private static TrainingReport interrupted(TrainingConfig config, Path checkpoints, long nanos, boolean interrupt)
            throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Backend backend = open(2)) {
            Trainer trainer = new Trainer(config, DATA, backend).checkpoints(checkpoints);
            Future<TrainingReport> training = thread.submit(trainer::run);
            if (interrupt) {
                TimeUnit.NANOSECONDS.sleep(nanos);
                thread.shutdownNow();
            }
            return training.get();
        } finally {
            thread.shutdownNow();
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10, 77, 150})
    void aListenerThatThrowsEndsTheTrainingAndNothingIsLost(long step) throws IOException {
        TrainingConfig config = quick().build();
        try (Backend backend = open(2)) {
            Trainer trainer = new Trainer(config, DATA, backend).checkpoints(directory);
            trainer.listener(at(step, () -> {
                throw new UnsupportedOperationException("no more");
            }));
            assertThatThrownBy(trainer::run)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("no more");
            TrainingReport resumed = new Trainer(config, DATA, backend)
                    .checkpoints(directory)
                    .resume()
                    .run();
            assertThat(bits(resumed.model())).isEqualTo(trainAlone(config));
        }
    }

    /** What it waits for comes from another thread, which uses the same backend meanwhile. */
    @Test
    void aListenerThatBlocksHoldsNobodyElse() throws Exception {
        TrainingConfig config = quick().build();
        SynchronousQueue<String> meeting = new SynchronousQueue<>();
        try (Backend backend = open(2)) {
            Trainer blocked = new Trainer(config, DATA, backend)
                    .listener(at(20, () -> meeting.offer("at step 20", 60, TimeUnit.SECONDS)));
            Callable<float[]> other = () -> {
                float[] found = bits(new Trainer(config, DATA, backend).run().model());
                assertThat(meeting.poll(60, TimeUnit.SECONDS)).isEqualTo("at step 20");
                return found;
            };
            List<float[]> found = together(List.of(() -> bits(blocked.run().model()), other));
            assertThat(found.get(0)).isEqualTo(found.get(1)).isEqualTo(trainAlone(config));
        }
    }

    @Test
    void aListenerThatClosesTheBackendEndsTheTrainingWithAWord() throws IOException {
        Backend backend = open(2);
        Trainer trainer = new Trainer(quick().build(), DATA, backend).checkpoints(directory);
        trainer.listener(at(20, backend::close));
        assertThatThrownBy(trainer::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        backend.close();
    }

    @Test
    void aListenerThatStopsTheTrainingStopsItThere() throws IOException {
        try (Backend backend = open(2)) {
            Trainer trainer = new Trainer(quick().build(), DATA, backend);
            trainer.listener(at(33, trainer::requestStop));
            TrainingReport report = trainer.run();
            assertThat(report.end()).isEqualTo(End.STOPPED);
            assertThat(report.steps()).isEqualTo(33);
        }
    }

    /** What a listener may do, with what it may throw. */
    private interface Act {
        void run() throws Exception;
    }

    private static TrainingListener at(long step, Act act) {
        return new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == step) {
                    try {
                        act.run();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        };
    }
}
