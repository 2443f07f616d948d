package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.eval.ScoreError;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.ExplicitFisherDivergence;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.train.TrainingReport.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 400);
    private static final LearningRate STEADY = new LearningRate(5e-3, LearningRate.Shape.CONSTANT, 0);

    private static Backend backend;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        backend = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** A quick training: 120 steps, validated at every 25th and at the end. */
    private static TrainingConfig.Builder quick() {
        return TrainingConfig.builder()
                .hidden(16, 9)
                .batch(32)
                .steps(120)
                .validationInterval(25)
                .averageDecay(0.95)
                .clipNorm(2)
                .learningRate(new LearningRate(5e-3, LearningRate.Shape.COSINE, 10));
    }

    private static TrainingReport train(TrainingConfig config) throws IOException {
        return new Trainer(config, DATA, backend).run();
    }

    private static TrainingListener stopAt(long step, Trainer trainer) {
        return new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == step) {
                    trainer.requestStop();
                }
            }
        };
    }

    private static void assertSame(TrainingReport found, TrainingReport wanted) {
        assertThat(found.model().parameters()).isEqualTo(wanted.model().parameters());
        assertThat(found.history()).isEqualTo(wanted.history());
        assertThat(found.steps()).isEqualTo(wanted.steps());
        assertThat(found.bestStep()).isEqualTo(wanted.bestStep());
        assertThat(found.end()).isEqualTo(wanted.end());
    }

    /** Stopped before, at and after the first validation, and twice. */
    @ParameterizedTest(name = "{0}, {1} and {2}")
    @CsvSource({"ENERGY,7,7", "ENERGY,25,26", "SCORE,63,64", "ENERGY,10,99", "SCORE,24,119"})
    void interruptedAndResumedIsUninterruptedBitForBit(ModelKind kind, long first, long second) throws IOException {
        TrainingConfig config = quick().kind(kind).build();
        TrainingReport whole = train(config);
        assertThat(whole.history()).extracting(TrainingPoint::step).containsExactly(25L, 50L, 75L, 100L, 120L);
        for (long stop : new long[] {first, second}) {
            Trainer part =
                    new Trainer(config, DATA, backend).checkpoints(directory).resume();
            TrainingReport report = part.listener(stopAt(stop, part)).run();
            if (stop > first || report.steps() == first) {
                assertThat(report.steps()).isEqualTo(stop);
                assertThat(report.end()).isEqualTo(End.STOPPED);
                assertThat(report.model().score(0, 0)).doesNotContain(Double.NaN);
            }
            if (second == first) {
                break;
            }
        }
        List<Long> steps = new ArrayList<>();
        TrainingReport resumed = new Trainer(config, DATA, backend)
                .checkpoints(directory)
                .resume()
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepResult result) {
                        steps.add(result.step());
                    }
                })
                .run();
        assertThat(steps).startsWith(Math.max(first, second) + 1);
        assertSame(resumed, whole);

        // Resuming what is complete does nothing.
        assertSame(
                new Trainer(config, DATA, backend)
                        .checkpoints(directory)
                        .resume()
                        .run(),
                whole);
    }

    /** The same seed and thread count, and any other number of threads; another seed is another model. */
    @Test
    void repeatsForItsSeedWithAnyNumberOfThreads() throws IOException {
        TrainingConfig config = quick().build();
        TrainingReport wanted = train(config);
        assertSame(train(config), wanted);
        for (int threads : new int[] {1, 4}) {
            try (Backend other = Backends.open("cpu", new BackendOptions(threads, 0))) {
                assertSame(new Trainer(config, DATA, other).run(), wanted);
            }
        }
        assertThat(train(quick().seed(2).build()).model().parameters())
                .isNotEqualTo(wanted.model().parameters());
    }

    /** Few rows and no noise, so that the model soon learns the rows by heart. */
    private static TrainingConfig.Builder overfitting() {
        return TrainingConfig.builder()
                .kind(ModelKind.SCORE)
                .hidden(64)
                .batch(40)
                .noise(0)
                .dequantize(false)
                .learningRate(STEADY)
                .validationFraction(0.5)
                .validationInterval(20);
    }

    @Test
    void stopsWhenValidationNoLongerImprovesAndKeepsTheBest() throws IOException {
        Dataset few = GaussianMixture.demo().sample(3, 80);
        TrainingConfig config = overfitting().steps(5000).patience(3).build();
        TrainingReport report =
                new Trainer(config, few, backend).checkpoints(directory).run();
        assertThat(report.end()).isEqualTo(End.PATIENCE);
        List<TrainingPoint> history = report.history();
        int best = history.size() - 4;
        assertThat(report.bestStep()).isEqualTo(history.get(best).step());
        assertThat(report.steps()).isEqualTo(report.bestStep() + 60).isLessThan(5000);
        double lowest = history.stream()
                .mapToDouble(TrainingPoint::validationLoss)
                .min()
                .orElseThrow();
        assertThat(history.get(best).validationLoss()).isEqualTo(lowest);
        assertThat(report.model().provenance().validationLoss()).isEqualTo(lowest);

        // The model is that of the best step: at a steady rate a training that ends there passes the same way.
        TrainingReport shorter = new Trainer(
                        overfitting()
                                .steps(report.bestStep())
                                .validationFraction(0.5)
                                .build(),
                        few,
                        backend)
                .run();
        assertThat(report.model().parameters()).isEqualTo(shorter.model().parameters());

        // Out of patience is out of patience, also after a resume.
        assertSame(
                new Trainer(config, few, backend)
                        .checkpoints(directory)
                        .resume()
                        .run(),
                report);
        try (ScoreModel saved = ScoreModel.load(directory.resolve("best.safetensors"))) {
            assertThat(saved.parameters()).isEqualTo(report.model().parameters());
        }
    }

    @Test
    void listenersHearInOrder() throws IOException {
        List<String> events = new ArrayList<>();
        Trainer trainer = new Trainer(quick().steps(50).build(), DATA, backend);
        for (String name : List.of("a", "b")) {
            trainer.listener(new TrainingListener() {
                @Override
                public void started(TrainingPlan plan) {
                    events.add(name + " started " + plan.trainingRows() + "+" + plan.validationRows() + " "
                            + plan.columns() + " " + plan.firstStep() + "/" + plan.steps());
                }

                @Override
                public void stepped(StepResult result) {
                    if (result.step() % 25 == 0) {
                        events.add(name + " stepped " + result.step());
                    }
                }

                @Override
                public void validated(TrainingPoint point, boolean best) {
                    events.add(name + " validated " + point.step());
                }
            });
        }
        trainer.run();
        assertThat(events)
                .containsExactly(
                        "a started 360+40 [x1, x2] 0/50",
                        "b started 360+40 [x1, x2] 0/50",
                        "a stepped 25",
                        "b stepped 25",
                        "a validated 25",
                        "b validated 25",
                        "a stepped 50",
                        "b stepped 50",
                        "a validated 50",
                        "b validated 50");
    }

    @Test
    void aListenerThatThrowsEndsTheTrainingAndTheCheckpointStays() throws IOException {
        TrainingConfig config = quick().build();
        Trainer part = new Trainer(config, DATA, backend).checkpoints(directory);
        part.listener(stopAt(30, part)).run();
        Trainer failing =
                new Trainer(config, DATA, backend).checkpoints(directory).resume();
        failing.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 40) {
                    throw new IllegalStateException("no more");
                }
            }
        });
        assertThatThrownBy(failing::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no more");
        assertSame(
                new Trainer(config, DATA, backend)
                        .checkpoints(directory)
                        .resume()
                        .run(),
                train(config));
    }

    /** An epoch may take hours. */
    @Test
    void checkpointsAreWrittenBetweenValidationsToo() throws IOException {
        TrainingConfig config = quick().validationInterval(1000).build();
        Trainer killed =
                new Trainer(config, DATA, backend).checkpoints(directory).checkpointInterval(Duration.ofNanos(1));
        killed.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 60) {
                    throw new IllegalStateException("killed");
                }
            }
        });
        assertThatThrownBy(killed::run).hasMessage("killed");
        List<Long> steps = new ArrayList<>();
        TrainingReport resumed = new Trainer(config, DATA, backend)
                .checkpoints(directory)
                .resume()
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepResult result) {
                        steps.add(result.step());
                    }
                })
                .run();
        assertThat(steps).startsWith(60L);
        assertSame(resumed, train(config));
    }

    @Test
    void divergenceNamesStepAndMendAndLeavesTheCheckpoint() throws IOException {
        TrainingConfig config = quick().learningRate(new LearningRate(1e30, LearningRate.Shape.CONSTANT, 0))
                .build();
        assertThatThrownBy(() -> train(config))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("diverged at step 2")
                .hasMessageContaining("1.0E30")
                .hasMessageContaining("--lr")
                .hasMessageContaining("No checkpoint was written");
        Trainer part = new Trainer(config, DATA, backend).checkpoints(directory);
        part.listener(stopAt(1, part));
        // The step itself was sound, but what it made is of no use for a model: that, too, is divergence.
        assertThatThrownBy(part::run).isInstanceOf(DivergenceException.class).hasMessageContaining("step 1");
        byte[] checkpoint = Files.readAllBytes(newest());
        assertThatThrownBy(() -> new Trainer(config, DATA, backend)
                        .checkpoints(directory)
                        .resume()
                        .run())
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("kept in " + directory)
                .satisfies(e -> assertThat(((DivergenceException) e).step()).isEqualTo(1));
        assertThat(newest()).hasBinaryContent(checkpoint);
    }

    /** A validation loss that is no number must not become the best one. */
    @Test
    void divergenceIsNoticedAtAValidationFirst() {
        TrainingConfig config = quick().learningRate(new LearningRate(1e30, LearningRate.Shape.CONSTANT, 0))
                .validationInterval(1)
                .build();
        assertThatThrownBy(() -> train(config))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("diverged at step 1")
                .hasMessageContaining("validation loss");
    }

    @Test
    void aBatchLargerThanTheRowsIsCutAndSaysSo() throws IOException {
        try (CapturedLog log = new CapturedLog(Trainer.class)) {
            Trainer trainer = new Trainer(quick().batch(5000).epochs(3).build(), DATA, backend);
            assertThat(log.lines())
                    .containsExactly("INFO the batch of 5000 rows is cut to the 360 training rows there are");
            // An epoch is one step then.
            assertThat(trainer.run().steps()).isEqualTo(3);
            log.clear();
            new Trainer(quick().batch(360).build(), DATA, backend);
            assertThat(log.lines()).isEmpty();
        }
    }

    /** As a backend that others have made go on to other kernels by now. */
    private record GoneOn(Backend before) implements ForwardingBackend {
        @Override
        public String kernels() {
            return "others";
        }
    }

    @Test
    void theKernelsThatCountAreTheRuns() throws IOException {
        TrainingConfig config = quick().steps(30).build();
        String kernels = backend.kernels();
        try (CapturedLog log = new CapturedLog(CheckpointStore.class);
                Backend goneOn = new GoneOn(backend)) {
            Trainer part = new Trainer(config, DATA, goneOn).checkpoints(directory);
            TrainingReport report = part.listener(stopAt(26, part)).run();
            assertThat(report.model().provenance().kernels()).isEqualTo(kernels);
            try (ScoreModel saved = ScoreModel.load(directory.resolve("best.safetensors"))) {
                assertThat(saved.provenance().kernels()).isEqualTo(kernels);
            }
            Checkpoint checkpoint = Checkpoint.read(newest());
            assertThat(checkpoint.kernels()).isEqualTo(kernels);
            resume(config, goneOn);
            assertThat(log.lines()).isEmpty();

            leave(computedBy("others", checkpoint));
            resume(config, goneOn);
            assertThat(log.lines())
                    .containsExactly("INFO the checkpoint was computed by others, this run by " + kernels
                            + ": it continues, but not bit for bit");
            assertThat(Checkpoint.read(newest()).kernels()).isEqualTo("others, then " + kernels);

            log.clear();
            try (ScoreModel model = resume(config, goneOn).model()) {
                assertThat(model.provenance().kernels()).isEqualTo("others, then " + kernels);
            }
            assertThat(log.lines()).isEmpty();

            // All steps were done by others: this run has added none.
            leave(computedBy("others", Checkpoint.read(newest())));
            assertThat(resume(config, goneOn).model().provenance().kernels()).isEqualTo("others");
        }
    }

    private Path newest() throws IOException {
        return CheckpointDirectory.checkpoints(directory).get(0);
    }

    /** Puts a checkpoint into the place of all others. */
    private void leave(Checkpoint checkpoint) throws IOException {
        for (Path file : CheckpointDirectory.checkpoints(directory)) {
            Files.delete(file);
        }
        checkpoint.write(directory.resolve("step-%09d.safetensors".formatted(checkpoint.step())));
    }

    private TrainingReport resume(TrainingConfig config, Backend on) throws IOException {
        return new Trainer(config, DATA, on).checkpoints(directory).resume().run();
    }

    private static Checkpoint computedBy(String kernels, Checkpoint checkpoint) {
        return new Checkpoint(
                checkpoint.settings(),
                kernels,
                checkpoint.randomLayout(),
                checkpoint.step(),
                checkpoint.parameters(),
                checkpoint.firstMoment(),
                checkpoint.secondMoment(),
                checkpoint.average(),
                checkpoint.bestParameters(),
                checkpoint.bestStep(),
                checkpoint.bestLoss(),
                checkpoint.series());
    }

    /** What an option adds to the settings must not keep checkpoints from being resumed that know nothing of it. */
    @Test
    void checkpointsFromBeforeAnOptionAreResumed() throws IOException {
        new Trainer(quick().steps(10).build(), DATA, backend)
                .checkpoints(directory)
                .run();
        Path last = newest();
        SafeTensors written = SafeTensors.read(last);
        Map<String, String> metadata = new HashMap<>(written.metadata());
        metadata.put("format_version", "1");
        assertThat(metadata.remove("checksum")).isNotEmpty();
        assertThat(metadata.remove("setting.residual")).isEmpty();
        assertThat(metadata.remove("setting.fourier")).isEmpty();
        new SafeTensors(metadata, written.tensors()).write(last);
        assertThat(new Trainer(quick().steps(10).build(), DATA, backend)
                        .checkpoints(directory)
                        .resume()
                        .run()
                        .steps())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(names = {"ENERGY", "SCORE"})
    void severalLevelsAreResumedBitForBit(ModelKind kind) throws IOException {
        NoiseLevels levels = new NoiseLevels(3, 0.1, 4);
        TrainingConfig.Builder builder = quick().kind(kind)
                .objective(new MultiLevelDenoisingScoreMatching(levels))
                .residual(true)
                .fourier(new FourierFeatures(4, 1, 2))
                .steps(60);
        assertThat(builder.build().noise()).isZero();
        TrainingReport whole = train(builder.build());
        assertThat(whole.model().noiseLevels()).contains(levels);
        Trainer interrupted = new Trainer(builder.build(), DATA, backend).checkpoints(directory);
        interrupted.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 31) {
                    interrupted.requestStop();
                }
            }
        });
        assertThat(interrupted.run().steps()).isEqualTo(31);
        TrainingReport resumed = new Trainer(builder.build(), DATA, backend)
                .checkpoints(directory)
                .resume()
                .run();
        assertSame(resumed, whole);
    }

    @Test
    void anInterruptStopsAsARequestDoes() throws IOException {
        Trainer trainer = new Trainer(quick().build(), DATA, backend).checkpoints(directory);
        trainer.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 31) {
                    Thread.currentThread().interrupt();
                }
            }
        });

        TrainingReport stopped = trainer.run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped.steps()).isEqualTo(31);
        assertThat(stopped.end()).isEqualTo(End.STOPPED);
        Trainer resumed = new Trainer(quick().build(), DATA, backend)
                .checkpoints(directory)
                .resume();
        assertSame(resumed.run(), train(quick().build()));
    }

    /** The truth of data in their own units is standardised for the network. */
    @Test
    void learnsAKnownScoreInTheUnitsOfTheData() throws IOException {
        Gaussian gaussian = new Gaussian(new double[] {100, -3}, new double[][] {{25, 1}, {1, 0.25}});
        TrainingConfig config = quick().kind(ModelKind.SCORE)
                .hidden()
                .steps(300)
                .noise(0)
                .averageDecay(0)
                .clipNorm(0)
                .learningRate(new LearningRate(0.05, LearningRate.Shape.COSINE, 0))
                .objective(new ExplicitFisherDivergence(gaussian::score))
                .build();
        ScoreModel model =
                new Trainer(config, gaussian.sample(1, 2000), backend).run().model();
        assertThat(ScoreError.relative(model, gaussian, gaussian.sample(2, 500)))
                .isLessThan(1e-4);
    }

    @Test
    void resumingUnderOtherSettingsOrDataSaysWhichDiffer() throws IOException {
        new Trainer(quick().steps(10).build(), DATA, backend)
                .checkpoints(directory)
                .run();
        Trainer other =
                new Trainer(quick().steps(10).batch(16).noise(0.1).build(), DATA, backend).checkpoints(directory);
        assertThatThrownBy(() -> other.resume().run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("batch was 32, is 16")
                .hasMessageContaining("noise was 0.05, is 0.1")
                .hasMessageContaining(directory.toString())
                .hasMessageNotContaining("seed");
        Trainer otherData =
                new Trainer(quick().steps(10).build(), GaussianMixture.demo().sample(4, 400), backend);
        assertThatThrownBy(() -> otherData.checkpoints(directory).resume().run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the data are others");
        assertThatThrownBy(() -> new Trainer(quick().build(), DATA, backend).resume())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("checkpoints");
    }

    /** x = 2 c + N(0, 0.5^2): an affine score network can be exact, s(x | c) = -(x - 2 c) / 0.25. */
    @Test
    void conditionsAreGivenAndNotModelled() throws IOException {
        Random random = new Random(1);
        double[][] rows = new double[4000][];
        for (int i = 0; i < rows.length; i++) {
            double c = 10 + 3 * random.nextGaussian();
            rows[i] = new double[] {c, 2 * c + 0.5 * random.nextGaussian()};
        }
        Dataset table = Dataset.of(List.of("c", "x"), rows);
        TrainingConfig config = TrainingConfig.builder()
                .kind(ModelKind.SCORE)
                .hidden()
                .conditions(List.of("c"))
                .noise(0)
                .dequantize(false)
                .batch(256)
                .steps(4000)
                .learningRate(new LearningRate(0.5, LearningRate.Shape.COSINE, 0))
                .build();
        ScoreModel model = new Trainer(config, table, backend).run().model();
        assertThat(model.columns()).containsExactly("x");
        assertThat(model.conditions()).containsExactly("c");
        assertThat(model.score(20, 10)).hasSize(1);
        assertThat(model.score(21, 10)[0] - model.score(20, 10)[0]).isCloseTo(-4, within(0.3));
        assertThat(model.score(20, 11)[0] - model.score(20, 10)[0]).isCloseTo(8, within(0.6));
        assertThat(model.score(20, 10)[0]).isCloseTo(0, within(0.2));

        assertThatThrownBy(() -> new Trainer(quick().conditions(List.of("year")).build(), table, backend))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("year");
        assertThatThrownBy(
                        () -> new Trainer(quick().conditions(List.of("x", "c")).build(), table, backend))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing to model");
    }

    @Test
    void withoutHeldOutRowsTheLastParametersAreTheModel() throws IOException {
        TrainingReport report = train(quick().validationFraction(0).build());
        assertThat(report.bestStep()).isEqualTo(120);
        assertThat(report.history())
                .allSatisfy(point -> assertThat(point.validationLoss()).isNaN());
        assertThat(report.model().provenance().validationLoss()).isNaN();
        Path file = directory.resolve("model.safetensors");
        report.model().save(file);
        try (ScoreModel saved = ScoreModel.load(file)) {
            assertThat(saved.parameters()).isEqualTo(report.model().parameters());
        }
    }

    @Test
    void learnsASingleColumn() throws IOException {
        Random random = new Random(1);
        double[][] rows = new double[1000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {50 + 4 * random.nextGaussian()};
        }
        TrainingConfig config = quick().steps(400).averageDecay(0).build();
        ScoreModel model = new Trainer(config, Dataset.of(List.of("x"), rows), backend)
                .run()
                .model();
        assertThat(model.score(54.0)[0]).isCloseTo(-0.25, within(0.06));
        assertThat(model.score(46.0)[0]).isCloseTo(0.25, within(0.06));
        assertThat(model.logDensity(50.0)).isGreaterThan(model.logDensity(58.0));
    }

    @Test
    void refusesReluBeforeAnythingIsTrained() {
        for (ModelKind kind : List.of(ModelKind.ENERGY, ModelKind.SCORE)) {
            TrainingConfig config =
                    quick().kind(kind).activation(Activation.RELU).build();
            assertThatThrownBy(() -> new Trainer(config, DATA, backend))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("relu")
                    .hasMessageContaining("softplus");
        }
    }

    @Test
    void historyHoldsMeansSinceThePointBefore() throws IOException {
        List<StepResult> results = new ArrayList<>();
        TrainingReport report = new Trainer(quick().build(), DATA, backend)
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepResult result) {
                        results.add(result);
                    }
                })
                .run();
        TrainingPoint second = report.history().get(1);
        assertThat(second.loss())
                .isCloseTo(
                        results.subList(25, 50).stream()
                                .mapToDouble(StepResult::loss)
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(second.gradientNorm())
                .isCloseTo(
                        results.subList(25, 50).stream()
                                .mapToDouble(StepResult::gradientNorm)
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(second.learningRate()).isCloseTo(2.5e-3 * (1 + Math.cos(Math.PI * 49 / 120)), within(1e-12));
    }
}
