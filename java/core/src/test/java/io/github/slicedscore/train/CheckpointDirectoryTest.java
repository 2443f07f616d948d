package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.JavaProcess;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One training at a time, in this JVM and in all others. */
class CheckpointDirectoryTest {
    @TempDir
    Path folder;

    private String refusal(Path directory) {
        return "another training is writing " + directory + "; wait until it has ended, or choose another name";
    }

    /** That this JVM refuses one must not free the lock for others, which closing any channel to its file would. */
    @Test
    void aSecondTrainingIsRefusedHereAndElsewhere() throws Exception {
        Path directory = folder.resolve("m.checkpoints");
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0));
                CheckpointDirectory held = CheckpointDirectory.open(directory)) {
            assertThat(held.path()).isEqualTo(directory);
            Trainer second = SavedTraining.trainer(backend, folder.resolve("x/../m.checkpoints"));
            Files.createDirectory(folder.resolve("x"));
            assertThatThrownBy(second::run)
                    .isInstanceOf(CheckpointsInUseException.class)
                    .hasMessage(refusal(folder.resolve("x/../m.checkpoints")));
            assertThatThrownBy(() -> CheckpointDirectory.open(directory)).hasMessage(refusal(directory));
            assertThat(JavaProcess.output(JavaProcess.of(LockProcess.class, directory)))
                    .startsWith(refusal(directory))
                    .endsWith("exit code 0");
            assertThat(SavedTraining.names(directory)).containsExactly(".lock");

            // Who has it may train there.
            SavedTraining.trainer(backend).checkpoints(held).run();
            assertThat(CheckpointDirectory.checkpoints(directory)).hasSize(1);
            assertThatThrownBy(() -> CheckpointDirectory.open(directory)).hasMessage(refusal(directory));
        }
        CheckpointDirectory.open(directory).close();
    }

    @Test
    void aProcessThatIsKilledHoldsNothing() throws Exception {
        Path directory = folder.resolve("m.checkpoints");
        Process other = JavaProcess.of(LockProcess.class, directory).start();
        try (BufferedReader lines = other.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("has " + directory);
            assertThatThrownBy(() -> CheckpointDirectory.open(directory)).hasMessage(refusal(directory));
        } finally {
            other.destroyForcibly().waitFor();
        }
        CheckpointDirectory.open(directory).close();
    }

    @Test
    void onlyCheckpointsAreListedTheLastOneFirst() throws IOException {
        assertThat(CheckpointDirectory.checkpoints(folder.resolve("none"))).isEmpty();
        for (String name : new String[] {
            "step-000000002.safetensors",
            "step-1000000000.safetensors",
            "step-000000010.safetensors",
            "step-2.safetensors",
            "best.safetensors",
            "step-000000003.safetensors.old",
            "other"
        }) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(CheckpointDirectory.checkpoints(folder))
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "step-1000000000.safetensors", "step-000000010.safetensors", "step-000000002.safetensors");
    }

    /** Another training may have come meanwhile. */
    @Test
    void aDirectoryThatWasDeletedAndTakenByAnotherTrainingIsLeftToIt() throws Exception {
        Path directory = folder.resolve("m.checkpoints");
        try (CheckpointDirectory held = CheckpointDirectory.open(directory)) {
            Files.delete(directory.resolve(".lock"));
            Files.delete(directory);
            Process other = JavaProcess.of(LockProcess.class, directory).start();
            try (BufferedReader lines = other.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("has " + directory);
                assertThatThrownBy(held::requireOurs).hasMessage(refusal(directory));
            } finally {
                other.destroyForcibly().waitFor();
            }
            try (CapturedLog log = new CapturedLog(CheckpointDirectory.class)) {
                held.requireOurs();
                held.requireOurs();
                assertThat(log.lines()).hasSize(1);
            }
            assertThat(JavaProcess.output(JavaProcess.of(LockProcess.class, directory)))
                    .startsWith(refusal(directory));
        }
    }
}
