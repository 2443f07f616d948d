package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import io.github.slicedscore.io.Checkpoint;
import io.github.slicedscore.train.CheckpointDirectory;
import io.github.slicedscore.train.Trainer;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingListener;
import io.github.slicedscore.train.TrainingPoint;
import io.github.slicedscore.train.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings on a device. */
@ExtendWith(NothingStaysOpen.class)
class CudaTrainerTest {
    private static final Dataset DATA = GaussianMixture.demo().sample(3, 100);

    @TempDir
    private Path directory;

    private static TrainingConfig.Builder quick() {
        return TrainingConfig.builder().hidden(4).batch(8).steps(45).validationInterval(20);
    }

    /** Writes down all that it is told. */
    private record Recorder(boolean mayLag, List<Object> events) implements TrainingListener {
        Recorder(boolean mayLag) {
            this(mayLag, new ArrayList<>());
        }

        @Override
        public void stepped(StepResult result) {
            events.add(result);
        }

        @Override
        public void validated(TrainingPoint point, boolean best) {
            events.add(point);
        }
    }

    @Test
    void severalStepsAtOnceAreTheSameBitForBit() throws IOException {
        Recorder single = new Recorder(false);
        Recorder several = new Recorder(true);
        try (CudaBackend backend = NativeLibrary.open()) {
            TrainingReport wanted = train(backend, single);
            TrainingReport found = train(backend, several);
            assertThat(found.model().parameters()).isEqualTo(wanted.model().parameters());
            assertThat(found.history()).isEqualTo(wanted.history());
            assertThat(several.events).isEqualTo(single.events).hasSize(45 + 3);
            assertThat(Files.readAllBytes(last(checkpoints(several))))
                    .isEqualTo(Files.readAllBytes(last(checkpoints(single))));
            wanted.model().close();
            found.model().close();
        }
    }

    private TrainingReport train(CudaBackend backend, Recorder recorder) throws IOException {
        return new Trainer(quick().build(), DATA, backend)
                .checkpoints(checkpoints(recorder))
                .listener(recorder)
                .run();
    }

    private Path checkpoints(Recorder recorder) {
        return directory.resolve("lag-" + recorder.mayLag());
    }

    private static Path last(Path checkpoints) throws IOException {
        return CheckpointDirectory.checkpoints(checkpoints).get(0);
    }

    @Test
    void goingOnInAnotherPrecisionIsSaid() throws IOException {
        String before = trainUpTo(20, Precision.FP32);
        assertThat(Checkpoint.read(last(directory)).kernels()).isEqualTo(before).startsWith("cuda-fp32-");
        String after;
        try (CapturedLog log = new CapturedLog("io.github.slicedscore.train.CheckpointStore")) {
            after = trainUpTo(45, Precision.BF16);
            String both = before + ", then ";
            assertThat(after).startsWith(both + "cuda-bf16-");
            assertThat(log.lines())
                    .containsExactly("INFO the checkpoint was computed by " + before + ", this run by "
                            + after.substring(both.length()) + ": it continues, but not bit for bit");
        }
        assertThat(Checkpoint.read(last(directory)).kernels()).isEqualTo(after);
    }

    /** Trains on to a step, and returns the model's kernel set. */
    private String trainUpTo(long step, Precision precision) throws IOException {
        try (CudaBackend backend = NativeLibrary.open(precision)) {
            Trainer trainer = new Trainer(quick().build(), DATA, backend).checkpoints(directory);
            TrainingReport report = trainer.resume()
                    .listener(new TrainingListener() {
                        @Override
                        public void stepped(StepResult result) {
                            if (result.step() == step) {
                                trainer.requestStop();
                            }
                        }
                    })
                    .run();
            assertThat(report.steps()).isEqualTo(step);
            report.model().close();
            return report.model().provenance().kernels();
        }
    }
}
