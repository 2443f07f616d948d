package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.DeviceException;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.backend.TrainingState;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings whose device fails in mid-run. */
class DeviceFailureTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 300);
    private static final TrainingConfig CONFIG = TrainingConfig.builder()
            .hidden(8, 8)
            .batch(32)
            .steps(60)
            .validationInterval(20)
            .build();

    private Backend device;
    private Backend processor;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() {
        device = Backends.open("cpu", new BackendOptions(1, 0));
        processor = Backends.open("cpu", new BackendOptions(2, 0));
    }

    @AfterEach
    void close() {
        device.close();
        processor.close();
    }

    /** Steps that were begun, from each start on. */
    private static final class Steps implements TrainingListener {
        private final List<Long> starts = new ArrayList<>();
        private final long failing;

        Steps(long failing) {
            this.failing = failing;
        }

        @Override
        public void started(TrainingPlan plan) {
            starts.add(plan.firstStep());
        }

        @Override
        public void stepped(StepResult result) {
            // As from inside the run: the device fails once.
            if (result.step() == failing && starts.size() == 1) {
                throw new Lost();
            }
        }
    }

    private static final class Lost extends DeviceException {
        private static final long serialVersionUID = 1L;

        Lost() {
            super("the device was lost");
        }
    }

    private Trainer trainer(Steps steps) {
        return new Trainer(CONFIG, DATA, device).listener(steps);
    }

    @Test
    void endsTheTrainingIfNothingElseIsAskedFor() {
        Steps steps = new Steps(30);
        Trainer trainer = trainer(steps).checkpoints(directory);
        assertThatThrownBy(trainer::run).isInstanceOf(Lost.class);
        assertThat(steps.starts).containsExactly(0L);
    }

    @Test
    void theOtherBackendGoesOnFromTheLastCheckpoint() throws IOException {
        Steps steps = new Steps(30);
        TrainingReport report;
        try (CapturedLog log = new CapturedLog(Trainer.class)) {
            report = trainer(steps)
                    .checkpoints(directory)
                    .checkpointInterval(Duration.ZERO)
                    .onDeviceFailure(processor)
                    .run();
            assertThat(log.lines())
                    .containsExactly(
                            "WARNING the device was lost: the training goes on from its last checkpoint, computed by "
                                    + processor.description());
        }
        assertThat(steps.starts).containsExactly(0L, 20L);
        assertThat(report.steps()).isEqualTo(60);
        assertThat(report.history()).extracting(TrainingPoint::step).containsExactly(20L, 40L, 60L);
        // Both are the processor here, so that the bits tell whether anything was lost or done twice.
        assertThat(report.model().parameters())
                .isEqualTo(new Trainer(CONFIG, DATA, processor).run().model().parameters());
        device.close();
        assertThat(report.model().score(0.1, 0.2)).doesNotContain(Double.NaN);
    }

    @Test
    void withoutCheckpointsItBeginsAgain() throws IOException {
        Steps steps = new Steps(30);
        try (CapturedLog log = new CapturedLog(Trainer.class)) {
            TrainingReport report = trainer(steps).onDeviceFailure(processor).run();
            assertThat(report.steps()).isEqualTo(60);
            assertThat(log.lines()).singleElement().asString().contains("from its beginning");
        }
        assertThat(steps.starts).containsExactly(0L, 0L);
    }

    /** As of a device whose memory the run has filled: neither the best model of a checkpoint nor the last one is lost. */
    @Test
    void aModelThatTheDeviceHasNoRoomForComputesOnTheProcessor() throws IOException {
        Backend full = new ForwardingBackend() {
            @Override
            public Backend before() {
                return device;
            }

            @Override
            public Scorer openScorer(Architecture architecture, Parameters parameters) {
                throw new Lost();
            }
        };
        TrainingReport whole = new Trainer(CONFIG, DATA, device).run();
        whole.model().save(directory.resolve("whole.safetensors"));
        ModelContents expected = ModelFile.read(directory.resolve("whole.safetensors"));
        try (CapturedLog log = new CapturedLog(Models.class)) {
            TrainingReport report = new Trainer(CONFIG, DATA, full)
                    .checkpoints(directory.resolve("checkpoints"))
                    .checkpointInterval(Duration.ZERO)
                    .run();
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARNING"))
                    .containsExactly(
                            "WARNING the device was lost: the training is done, and its model computes on the processor");
            assertThat(report.steps()).isEqualTo(60);
            try (ScoreModel model = report.model()) {
                assertThat(model.parameters()).isEqualTo(expected.parameters());
                assertThat(model.score(0.1, 0.2)).isEqualTo(whole.model().score(0.1, 0.2));
            }
        }
        ModelContents best = ModelFile.read(directory.resolve("checkpoints").resolve("best.safetensors"));
        assertThat(best.validationLogDensities()).isEqualTo(expected.validationLogDensities());
    }

    /** Such a one is not tried a third time. */
    @Test
    void aSecondFailureEndsTheTraining() {
        Backend failing = new ForwardingBackend() {
            @Override
            public Backend before() {
                return processor;
            }

            @Override
            public TrainingRun openTraining(TrainingSpec spec, TrainingRows rows, TrainingState start) {
                throw new Lost();
            }
        };
        Trainer trainer =
                new Trainer(CONFIG, DATA, device).listener(new Steps(30)).onDeviceFailure(failing);
        assertThatThrownBy(trainer::run).isInstanceOf(Lost.class);
    }
}
