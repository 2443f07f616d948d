package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Disks that are full, fail, or may no longer be written to, while a training saves. */
class FailingDiskTest {
    private static final String DIRECTORY = "/m.checkpoints";

    private static Backend backend;
    private static TrainingReport wanted;

    @BeforeAll
    static void trainUninterrupted() throws IOException {
        backend = Backends.open("cpu", new BackendOptions(1, 0));
        wanted = SavedTraining.trainer(backend).run();
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static Disk savedUpTo(long step) throws IOException {
        Disk disk = new Disk();
        SavedTraining.upTo(step, backend, disk.path(DIRECTORY));
        return disk;
    }

    private static void assertResumes(Disk disk) throws IOException {
        Disk mended = disk.copy();
        SavedTraining.assertSame(
                SavedTraining.trainer(backend, mended.path(DIRECTORY)).resume().run(), wanted);
    }

    private static void assertNoTemporaries(Disk disk) {
        assertThat(disk.contents().keySet()).noneMatch(name -> name.endsWith(".tmp"));
    }

    /** The checkpoint of the tenth step stays, the training ends as it would have, and says what to do. */
    @Test
    void aFullDiskCostsNeitherTheModelNorTheCheckpointBefore() throws IOException {
        Disk disk = savedUpTo(10);
        String before = disk.contents().get(DIRECTORY + "/step-000000010.safetensors");
        int size = before.length();
        int runs = 0;
        for (int space = 0; space < size; space += 97) {
            Disk full = disk.copy().withSpace(space);
            Trainer trainer =
                    SavedTraining.trainer(backend, full.path(DIRECTORY)).resume();
            UnsavedCheckpointException failure;
            try (CapturedLog log = new CapturedLog(CheckpointStore.class)) {
                failure = catchThrowableOfType(UnsavedCheckpointException.class, trainer::run);
                assertThat(log.lines())
                        .hasSize(2)
                        .first()
                        .asString()
                        .isEqualTo("WARNING /m.checkpoints/step-000000020.safetensors could not be written"
                                + " (No space left on device); check the space and the rights in /m.checkpoints;"
                                + " training goes on and tries again, and the checkpoint before stays");
            }
            assertThat(failure)
                    .hasMessage("/m.checkpoints/step-000000040.safetensors could not be written"
                            + " (No space left on device); check the space and the rights in /m.checkpoints");
            SavedTraining.assertSame(failure.report(), wanted);
            assertThat(full.contents()).isEqualTo(disk.contents());
            runs++;
        }
        assertResumes(disk);
        System.out.printf("%d trainings on disks that became full ended with the same bits%n", runs);
    }

    /** Every operation in turn: the lock, temporary files, writes, forces, renames, deletions. */
    @Test
    void oneFailureIsPassedOver() throws IOException {
        int warned = 0;
        int unsaved = 0;
        int refused = 0;
        for (int operation = 0; ; operation++) {
            Disk failing = new Disk().failingAt(operation);
            Trainer trainer =
                    SavedTraining.trainer(backend, failing.path(DIRECTORY)).resume();
            try (CapturedLog log = new CapturedLog(CheckpointStore.class)) {
                SavedTraining.assertSame(trainer.run(), wanted);
                warned += log.lines().size();
            } catch (UnsavedCheckpointException e) {
                SavedTraining.assertSame(e.report(), wanted);
                unsaved++;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("Input/output error");
                refused++;
            }
            assertNoTemporaries(failing);
            if (operation % 5 == 0) {
                assertResumes(failing);
            }
            if (!failing.hasFailed()) {
                break;
            }
        }
        System.out.printf(
                "a failure of each operation of a training on a disk: %d warnings, %d without the last checkpoint, %d refused;"
                        + " all resumed to the same bits%n",
                warned, unsaved, refused);
        assertThat(warned).isGreaterThan(20);
        assertThat(unsaved).isGreaterThan(10);
        assertThat(refused).isPositive();
    }

    @Test
    void aDirectoryThatMayNotBeWrittenToAnyMore() throws IOException {
        Disk disk = new Disk();
        Trainer trainer = SavedTraining.trainer(backend, disk.path(DIRECTORY));
        trainer.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                disk.setReadOnly(result.step() > 15);
            }
        });
        try (CapturedLog log = new CapturedLog(CheckpointStore.class)) {
            assertThatThrownBy(trainer::run)
                    .isInstanceOfSatisfying(
                            UnsavedCheckpointException.class, e -> SavedTraining.assertSame(e.report(), wanted))
                    .hasMessageContaining("step-000000040.safetensors")
                    .hasMessageContaining("the directory /m.checkpoints is not writable");
            assertThat(log.lines()).hasSize(2);
        }
        disk.setReadOnly(false);
        assertThat(SavedTraining.names(disk.path(DIRECTORY)))
                .containsExactly(".lock", "best.safetensors", "step-000000010.safetensors");
        assertResumes(disk);
    }

    @Test
    void aDirectoryThatMayNotBeWrittenToAtAll() throws IOException {
        Disk disk = new Disk();
        disk.setReadOnly(true);
        Trainer trainer = SavedTraining.trainer(backend, disk.path(DIRECTORY));
        assertThatThrownBy(trainer::run)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the directory /m.checkpoints could not be made (java.nio.file.AccessDeniedException: read-only);"
                                + " check the space and the rights in /");
    }

    @Test
    void aDirectoryThatIsDeletedIsMadeAgain() throws IOException {
        Disk disk = new Disk();
        Path directory = disk.path(DIRECTORY);
        Trainer trainer = SavedTraining.trainer(backend, directory);
        trainer.listener(new TrainingListener() {
            @Override
            public void stepped(StepResult result) {
                if (result.step() == 15) {
                    delete(directory);
                }
            }
        });
        try (CapturedLog log = new CapturedLog(CheckpointDirectory.class)) {
            SavedTraining.assertSame(trainer.run(), wanted);
            assertThat(log.lines())
                    .containsExactly("WARNING /m.checkpoints was deleted while a training keeps its checkpoints there;"
                            + " it is made again");
        }
        assertThat(SavedTraining.names(directory))
                .containsExactly(
                        ".lock", "best.safetensors", "step-000000030.safetensors", "step-000000040.safetensors");
        assertResumes(disk);
    }

    private static void delete(Path directory) {
        try {
            for (String name : SavedTraining.names(directory)) {
                Files.delete(directory.resolve(name));
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutLocksAWarningAsksForCare() throws IOException {
        Disk disk = new Disk().withoutLocks();
        Path directory = Files.createDirectory(disk.path(DIRECTORY));
        Path others = directory.resolve(".best.safetensors.1f-2a.tmp");
        Files.createFile(others);
        try (CapturedLog log = new CapturedLog(CheckpointDirectory.class)) {
            SavedTraining.assertSame(SavedTraining.trainer(backend, directory).run(), wanted);
            assertThat(log.lines())
                    .containsExactly("WARNING /m.checkpoints cannot be locked (No locks available); see to it that no"
                            + " other training writes there");
        }
        assertThat(others).as("what another one may be writing").exists();
    }

    @Test
    void whatWasLeftHalfWrittenIsDeletedAtTheNextStart() throws IOException {
        Disk disk = savedUpTo(10);
        Path directory = disk.path(DIRECTORY);
        for (String name : new String[] {
            ".step-000000020.safetensors.1f-2a.tmp",
            ".best.safetensors.1f-2a.tmp",
            ".other.safetensors.1f-2a.tmp",
            ".step-000000020.safetensors.tmp",
            "step-000000020.safetensors.1f-2a.tmp"
        }) {
            Files.createFile(directory.resolve(name));
        }
        assertResumes(disk);
        SavedTraining.trainer(backend, directory).resume().run();
        assertThat(SavedTraining.names(directory))
                .containsExactly(
                        ".lock",
                        ".other.safetensors.1f-2a.tmp",
                        ".step-000000020.safetensors.tmp",
                        "best.safetensors",
                        "step-000000020.safetensors.1f-2a.tmp",
                        "step-000000030.safetensors",
                        "step-000000040.safetensors");
    }
}
