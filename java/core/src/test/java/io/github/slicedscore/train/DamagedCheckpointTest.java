package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.disk.Disk;
import io.github.slicedscore.io.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DamagedCheckpointTest {
    private final Disk disk = new Disk();
    private final Path directory = disk.path("/m.checkpoints");
    private Backend backend;
    private TrainingReport wanted;

    @BeforeEach
    void train() throws IOException {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
        wanted = SavedTraining.trainer(backend).run();
        SavedTraining.upTo(10, backend, directory);
        SavedTraining.upTo(20, backend, directory);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static void flip(Path file, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }

    @Test
    void isPassedOverForTheOneBefore() throws IOException {
        Path last = CheckpointDirectory.checkpoints(directory).get(0);
        long bits = 8 * Files.size(last);
        int found = 0;
        for (int bit = 0; bit < bits; bit += 401) {
            Path copy = disk.copy().path(directory.toString());
            flip(copy.resolve(last.getFileName()), bit);
            try (CapturedLog log = new CapturedLog(CheckpointStore.class)) {
                SavedTraining.assertSame(
                        SavedTraining.trainer(backend, copy).resume().run(), wanted);
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .startsWith("WARNING the checkpoint /m.checkpoints/step-000000020.safetensors is damaged (/m")
                        .endsWith("); the training goes on from the one before,"
                                + " /m.checkpoints/step-000000010.safetensors");
            }
            found++;
        }
        System.out.printf("%d damaged checkpoints were passed over for the one before, to the same bits%n", found);
    }

    /** Its place is taken as soon as there is a sound one, so that it is not looked at again. */
    @Test
    void isReplaced() throws IOException {
        flip(directory.resolve("step-000000020.safetensors"), 999);
        try (CapturedLog log = new CapturedLog(CheckpointStore.class)) {
            SavedTraining.upTo(15, backend, directory);
            assertThat(log.lines()).hasSize(1);
            log.clear();
            assertThat(SavedTraining.names(directory))
                    .contains("step-000000010.safetensors", "step-000000015.safetensors")
                    .doesNotContain("step-000000020.safetensors");
            SavedTraining.assertSame(
                    SavedTraining.trainer(backend, directory).resume().run(), wanted);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void isNamedWhereThereIsNoOther() throws IOException {
        for (Path file : CheckpointDirectory.checkpoints(directory)) {
            flip(file, 8 * 2000 + 1);
        }
        List<String> before = SavedTraining.names(directory);
        assertThatThrownBy(SavedTraining.trainer(backend, directory).resume()::run)
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("/m.checkpoints: none of its checkpoints can be read")
                .hasMessageContaining("step-000000020.safetensors: it is damaged: its checksum is")
                .hasMessageEndingWith("put back a copy of it, or train afresh");
        assertThat(SavedTraining.names(directory)).isEqualTo(before);
    }

    @Test
    void soManyAreKept() throws IOException {
        SavedTraining.trainer(backend, directory).keepCheckpoints(3).run();
        assertThat(CheckpointDirectory.checkpoints(directory))
                .extracting(Path::toString)
                .containsExactly(
                        "/m.checkpoints/step-000000040.safetensors",
                        "/m.checkpoints/step-000000030.safetensors",
                        "/m.checkpoints/step-000000020.safetensors");
        SavedTraining.trainer(backend, directory).keepCheckpoints(1).resume().run();
        assertThat(CheckpointDirectory.checkpoints(directory)).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SavedTraining.trainer(backend).keepCheckpoints(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SavedTraining.trainer(backend).checkpointInterval(Duration.ofNanos(-1)));
    }

    /** States of an earlier training never pass for those of a new one. */
    @Test
    void aFreshTrainingForgets() throws IOException {
        Trainer fresh = SavedTraining.trainer(backend, directory);
        fresh.listener(new TrainingListener() {
            @Override
            public void started(TrainingPlan plan) {
                throw new IllegalStateException("no more");
            }
        });
        assertThatThrownBy(fresh::run).hasMessage("no more");
        assertThat(SavedTraining.names(directory)).containsExactly(".lock");
    }
}
