package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.cuda.CudaException;
import io.github.slicedscore.cuda.CudaFatalException;
import io.github.slicedscore.cuda.CudaOutOfMemoryException;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.train.CheckpointDirectory;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingListener;
import io.github.slicedscore.train.TrainingPlan;
import io.github.slicedscore.train.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runtime calls that fail, on the emulated device. */
@ExtendWith(NothingStaysOpen.class)
class CudaFailureTest {
    private static final int MEMORY_ALLOCATION = 2;
    private static final int LAUNCH_FAILURE = 719;
    private static final int UNKNOWN = 999;

    private static final Dataset DATA = GaussianMixture.demo().sample(3, 40);
    private static final TrainingConfig CONFIG = TrainingConfig.builder()
            .hidden(5)
            .batch(8)
            .steps(4)
            .validationInterval(2)
            .build();

    private static final Architecture ENERGY = new EnergyMlp(2, 0, List.of(4), Activation.SOFTPLUS, 2);
    private static final Parameters PARAMETERS = Parameters.initialize(ENERGY, 3);

    private static final Slices ONE_SLICE = new Slices(1, Projection.RADEMACHER);

    @TempDir
    private Path folder;

    @BeforeEach
    void emulated() {
        EmulationControl.require();
    }

    @AfterEach
    void asInANewProcess() {
        EmulationControl.reset();
    }

    private static void failAt(long call, int code) {
        EmulationControl.set("fail-code", code);
        EmulationControl.set("fail", call);
    }

    /** A training of three steps, from the checkpoint after the second, with every one of its runtime calls failing in turn. */
    @ParameterizedTest(name = "with error {0}")
    @ValueSource(ints = {UNKNOWN, MEMORY_ALLOCATION, LAUNCH_FAILURE})
    void everyFailureSaysWhatFailedAndLeavesTheLastCheckpoint(int code) throws IOException {
        Path start = folder.resolve("start.safetensors");
        Path end = folder.resolve("end.safetensors");
        Path directory = Files.createDirectories(folder.resolve("checkpoints"));
        assertThat(train(directory, 2)).isEqualTo(TrainingReport.End.STOPPED);
        Files.copy(newest(directory), start);
        assertThat(train(directory, 0)).isEqualTo(TrainingReport.End.COMPLETED);
        Files.copy(newest(directory), end);
        int failures = 0;
        for (long call = 1; ; call++) {
            for (Path file : CheckpointDirectory.checkpoints(directory)) {
                Files.delete(file);
            }
            Files.copy(start, directory.resolve("step-000000002.safetensors"));
            String outcome;
            failAt(call, code);
            try (CapturedLog hidden = new CapturedLog(CudaDevice.class)) {
                outcome = "" + train(directory, 0);
                assertThat(hidden.warnings()).hasSizeLessThanOrEqualTo(1);
            } catch (CudaException | BackendUnavailableException e) {
                outcome = e.getMessage();
                failures++;
                assertSaysWhatFailed(e, code);
            }
            String failed = EmulationControl.failedCall();
            EmulationControl.reset();
            assertThat(NativeLibrary.liveHandles()).as("handles, call %d", call).isZero();
            assertThat(NativeLibrary.liveBytes()).as("bytes, call %d", call).isZero();
            boolean completed = outcome.equals("COMPLETED");
            assertThat(Files.mismatch(newest(directory), completed ? end : start))
                    .as("checkpoint after call %d, %s: %s", call, failed, outcome)
                    .isIn(-1L, completed ? -1L : Files.mismatch(end, start));
            if (failed.isEmpty()) {
                break;
            }
        }
        System.out.println(
                failures + " trainings with error " + code + " in one call each: a reason, and the checkpoint");
        assertThat(failures).isGreaterThan(100);
    }

    /** As of {@link #everyFailureSaysWhatFailedAndLeavesTheLastCheckpoint}, with no memory from the n-th allocation on. */
    @Test
    void memoryNeverRunsOutInMidRun() throws IOException {
        int refused = 0;
        int allocations = 0;
        for (long n = 1; ; n++) {
            List<Long> steps = new ArrayList<>();
            EmulationControl.set("fail-allocations", n);
            try (Backend backend = Backends.open("cuda", new BackendOptions())) {
                new Trainer(CONFIG, DATA, backend)
                        .listener(new TrainingListener() {
                            @Override
                            public void stepped(StepResult result) {
                                steps.add(result.step());
                            }
                        })
                        .run()
                        .model()
                        .close();
                assertThat(steps).hasSize(4);
            } catch (CudaOutOfMemoryException e) {
                refused++;
                assertThat(e).hasMessageContaining("native/src/").hasMessageMatching("(?s).*\\d+ bytes.*");
                // When the run opens; where the training itself is done, its model does without the device.
                assertThat(steps).isEmpty();
            }
            boolean failed = !EmulationControl.failedCall().isEmpty();
            EmulationControl.reset();
            assertThat(NativeLibrary.liveHandles())
                    .as("handles, allocation %d", n)
                    .isZero();
            assertThat(NativeLibrary.liveBytes()).as("bytes, allocation %d", n).isZero();
            if (!failed) {
                break;
            }
            allocations++;
        }
        System.out.println("no memory from the n-th of " + allocations + " allocations on: " + refused
                + " trainings were refused at their beginning, the others made do");
        assertThat(refused).isGreaterThan(0);
    }

    private static Path newest(Path directory) throws IOException {
        return CheckpointDirectory.checkpoints(directory).get(0);
    }

    private static void assertSaysWhatFailed(RuntimeException e, int code) {
        assertThat(e).hasMessageContaining("native/src/").hasMessageContaining(", " + code + ")");
        if (code == LAUNCH_FAILURE) {
            // The failure itself may have been of a call whose success does not matter; it sticks to all that follow.
            assertThat(e).isInstanceOfAny(CudaFatalException.class, BackendUnavailableException.class);
        } else {
            String call = EmulationControl.failedCall();
            assertThat(e).hasMessageContaining(call.startsWith("cudaLaunchKernel") ? "launch of" : call);
        }
    }

    /** Trains on, and returns how it ended; stops after a step, 0 for none. */
    private static TrainingReport.End train(Path directory, long stop) throws IOException {
        try (Backend backend = Backends.open("cuda", new BackendOptions())) {
            Trainer trainer =
                    new Trainer(CONFIG, DATA, backend).checkpoints(directory).resume();
            trainer.listener(new TrainingListener() {
                @Override
                public void stepped(StepResult result) {
                    if (result.step() == stop) {
                        trainer.requestStop();
                    }
                }
            });
            TrainingReport report = trainer.run();
            report.model().close();
            return report.end();
        }
    }

    @Test
    void aRunIsLostAndTheBackendLives() {
        TrainingCase training = TrainingCase.of(false, true);
        try (CudaBackend backend = NativeLibrary.open();
                TrainingRun run = training.open(backend);
                TrainingRun other = training.open(backend)) {
            failAt(1, UNKNOWN);
            assertThatThrownBy(() -> run.step(1))
                    .isExactlyInstanceOf(CudaException.class)
                    .hasMessageContaining("native/src/");
            assertThatThrownBy(() -> run.step(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lost")
                    .hasMessageContaining("native/src/")
                    .hasMessageContaining("checkpoint");
            assertThatThrownBy(run::state).isInstanceOf(IllegalStateException.class);
            assertThat(other.step(1).isFinite()).isTrue();
            try (TrainingRun fresh = training.open(backend)) {
                assertThat(fresh.step(1).isFinite()).isTrue();
            }
        }
    }

    /** Of any runtime call of the training: it ends on the device, or on the processor from the checkpoint after the second step. */
    @ParameterizedTest(name = "with error {0}")
    @ValueSource(ints = {UNKNOWN, LAUNCH_FAILURE})
    @SuppressWarnings("try") // what the device logs is kept from the console
    void aFailureInMidRunIsPassedToTheProcessorIfThatIsAskedFor(int code) throws IOException {
        int passed = 0;
        for (long call = 1; ; call += 7) {
            Path directory = Files.createDirectories(folder.resolve("passed-" + call));
            assertThat(train(directory, 2)).isEqualTo(TrainingReport.End.STOPPED);
            List<Long> starts = new ArrayList<>();
            try (Backend backend = Backends.open("cuda", new BackendOptions());
                    Backend processor = Backends.open("cpu", new BackendOptions());
                    CapturedLog log = new CapturedLog(Trainer.class);
                    CapturedLog hidden = new CapturedLog(CudaDevice.class)) {
                Trainer trainer = new Trainer(CONFIG, DATA, backend)
                        .checkpoints(directory)
                        .resume()
                        .onDeviceFailure(processor)
                        .listener(new TrainingListener() {
                            @Override
                            public void started(TrainingPlan plan) {
                                starts.add(plan.firstStep());
                            }
                        });
                failAt(call, code);
                TrainingReport report = trainer.run();
                String kernels = report.model().provenance().kernels();
                report.model().close();
                assertThat(report.end()).isEqualTo(TrainingReport.End.COMPLETED);
                // If it fails after its end, there is nothing left to compute.
                assertThat(starts).startsWith(2L).allMatch(step -> step == 2 || step == CONFIG.steps());
                if (kernels.contains(", then ")) {
                    assertThat(kernels).matches("cuda-.*, then " + Pattern.quote(processor.kernels()));
                    assertThat(log.warnings())
                            .singleElement()
                            .asString()
                            .contains("goes on from its last checkpoint, computed by " + processor.description());
                    passed++;
                }
            }
            String failed = EmulationControl.failedCall();
            EmulationControl.reset();
            assertThat(NativeLibrary.liveHandles()).as("handles, call %d", call).isZero();
            assertThat(NativeLibrary.liveBytes()).as("bytes, call %d", call).isZero();
            if (failed.isEmpty()) {
                break;
            }
        }
        System.out.println(passed + " trainings whose device failed were ended by the processor");
        assertThat(passed).isGreaterThan(10);
    }

    @Test
    void aRunThatDoesNotFitSaysWhatWould() {
        TrainingCase training = TrainingCase.of(true, "exact");
        try (CudaBackend backend = NativeLibrary.open()) {
            EmulationControl.set("memory", 200_000);
            assertThatThrownBy(() -> training.open(backend))
                    .isInstanceOf(CudaOutOfMemoryException.class)
                    .hasMessageMatching("(?s).*\\d+ bytes.*free.*rows.*");
            // Those that may take their rows in parts make do.
            float[] rows = new float[2 * 300];
            try (Scorer small = backend.openScorer(ENERGY, PARAMETERS)) {
                small.evaluate(rows, 300, null, rows.clone());
            }
            try (ObjectiveFunction function = backend.openObjective(ENERGY, new SlicedScoreMatching(ONE_SLICE))) {
                assertThat(function.losses(PARAMETERS, rows, rows)).hasSize(300);
            }
        } finally {
            EmulationControl.set("memory", EmulationControl.MEMORY);
        }
    }

    /** Room for the first rows, not for those of a longer call: the scorer stays as it is and takes more passes. */
    @Test
    void aScorerThatCanNotGrowGoesOn() {
        int rows = 3000;
        float[] inputs = new float[2 * rows];
        float[] found = new float[2 * rows];
        float[] wanted = new float[2 * rows];
        try (CudaBackend backend = NativeLibrary.open();
                Scorer scorer = backend.openScorer(ENERGY, PARAMETERS)) {
            long bytes = NativeLibrary.liveBytes();
            EmulationControl.set("memory", 2 * bytes);
            scorer.evaluate(inputs, rows, null, found);
            assertThat(NativeLibrary.liveBytes()).isEqualTo(bytes);
            EmulationControl.set("memory", EmulationControl.MEMORY);
            scorer.evaluate(inputs, rows, null, wanted);
            assertThat(found).containsExactly(wanted);
        } finally {
            EmulationControl.set("memory", EmulationControl.MEMORY);
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, to see what that does
    void afterAnErrorForGoodScorersGoOnWithTheProcessor() {
        Standardizer units = new Standardizer(new double[] {1, 2}, new double[] {3, 0.5});
        TrainingCase training = TrainingCase.of(false, true);
        float[] row = {0.3f, -1};
        float[] direction = {1, 2};
        try (CapturedLog log = new CapturedLog(CudaDevice.class);
                Backend processor = Backends.open("cpu", new BackendOptions());
                Scorer wanted = processor.openScorer(ENERGY, PARAMETERS);
                CudaBackend backend = NativeLibrary.open();
                TrainingRun run = training.open(backend);
                CudaScorer scorer = (CudaScorer) backend.openScorer(ENERGY, PARAMETERS);
                Scorer other = backend.openScorer(ENERGY, PARAMETERS, units)) {
            failAt(2, LAUNCH_FAILURE);
            float[] score = new float[2];
            float[] expected = new float[2];
            scorer.evaluate(row, 1, null, score);
            wanted.evaluate(row, 1, null, expected);
            assertThat(score).containsExactly(expected);
            scorer.jvp(row, direction, 1, score);
            wanted.jvp(row, direction, 1, expected);
            assertThat(score).containsExactly(expected);
            float[] chains = row.clone();
            float[] expectedChains = row.clone();
            scorer.langevin(chains, 1, new double[] {0.1, 0.1}, 1, 0);
            wanted.langevin(expectedChains, 1, new double[] {0.1, 0.1}, 1, 0);
            assertThat(chains).containsExactly(expectedChains);
            new UnitsScorer(wanted, units).evaluate(row, 1, null, expected);
            other.evaluate(row, 1, null, score);
            assertThat(score).containsExactly(expected);
            assertThat(log.warnings()).singleElement().asString().contains("go on with the processor");

            assertFatal(() -> run.step(1));
            assertFatal(() -> training.open(backend));
            assertFatal(() -> backend.openObjective(ENERGY, training.objective()));
            assertFatal(() -> backend.openScorer(ENERGY, PARAMETERS));
            long calls = EmulationControl.counter("calls");
            assertFatal(() -> training.open(backend));
            assertThat(EmulationControl.counter("calls")).as("refused at once").isEqualTo(calls);
            scorer.close();
            assertThatThrownBy(() -> scorer.evaluate(row, 1, null, score))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            backend.close();
            assertThatThrownBy(() -> other.evaluate(row, 1, null, score))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    /** The processor has no other precision; better digits than were asked for, and the warning says which. */
    @Test
    @SuppressWarnings("try")
    void afterAnErrorForGoodScorersOfAnyPrecisionComputeInSinglePrecision() {
        float[] row = {0.3f, -1};
        float[] score = new float[2];
        float[] expected = new float[2];
        try (CapturedLog log = new CapturedLog(CudaDevice.class);
                Backend processor = Backends.open("cpu", new BackendOptions());
                Scorer wanted = processor.openScorer(ENERGY, PARAMETERS);
                Backend backend = Backends.open("cuda", new BackendOptions().withPrecision(Precision.BF16));
                Scorer scorer = backend.openScorer(ENERGY, PARAMETERS)) {
            failAt(2, LAUNCH_FAILURE);
            scorer.evaluate(row, 1, null, score);
            wanted.evaluate(row, 1, null, expected);
            assertThat(score).containsExactly(expected);
            assertThat(log.warnings()).singleElement().asString().contains("in fp32");
        }
    }

    private static void assertFatal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CudaFatalException.class)
                .hasMessageContaining("cuda")
                .hasMessageContaining("start a new process");
    }

    @Test
    void aFailedDeviceIsNotTakenByAuto() {
        try (CapturedLog log = new CapturedLog(Backends.class)) {
            failAt(1, LAUNCH_FAILURE);
            try (Backend backend = Backends.auto()) {
                assertThat(backend.name()).isEqualTo("cpu");
            }
            assertThat(log.warnings()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
