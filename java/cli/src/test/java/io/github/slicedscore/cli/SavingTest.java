package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.train.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands leave on the disk when something fails, or another one writes there, too. */
class SavingTest {
    @TempDir
    Path folder;

    private Path data;
    private Path model;

    @BeforeEach
    void writeData() throws IOException {
        data = Tables.mixture(folder.resolve("data.csv"), 200);
        model = folder.resolve("m.safetensors");
    }

    private Outcome train(Object... more) {
        return trainSteps(600, more);
    }

    private Outcome trainSteps(int steps, Object... more) {
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", model, "--columns", "a"));
        line.addAll(List.of("--hidden", "8", "--steps", "" + steps, "--checkpoint-interval", "0"));
        line.addAll(Arrays.asList(more));
        return Cli.run(line.toArray());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void soManyCheckpointsAreKept() throws IOException {
        assertThat(train("--keep-checkpoints", "3").code()).isZero();
        assertThat(CheckpointDirectory.checkpoints(folder.resolve("m.checkpoints")))
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "step-000000600.safetensors", "step-000000400.safetensors", "step-000000200.safetensors");
    }

    @Test
    void aDamagedCheckpointIsPassedOverWithAWarning() throws IOException {
        assertThat(train().code()).isZero();
        byte[] whole = Files.readAllBytes(model);
        Path last =
                CheckpointDirectory.checkpoints(folder.resolve("m.checkpoints")).get(0);
        byte[] bytes = Files.readAllBytes(last);
        bytes[bytes.length / 2] ^= 1;
        Files.write(last, bytes);

        Outcome outcome = train("--resume", "--quiet");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .contains("the checkpoint " + last + " is damaged (", "; the training goes on from the one before, ");
        try (ScoreModel resumed = ScoreModel.load(model)) {
            byte[] again = Files.readAllBytes(model);
            assertThat(resumed.provenance().steps()).isEqualTo(600);
            // But for the time of its making.
            assertThat(Arrays.copyOfRange(again, again.length - 100, again.length))
                    .isEqualTo(Arrays.copyOfRange(whole, whole.length - 100, whole.length));
        }
    }

    /** Root may write everywhere, but into no directory that is a file. */
    @Test
    void aTrainingWhoseCheckpointsCannotBeWrittenStillLeavesItsModel() throws Exception {
        Path checkpoints = folder.resolve("m.checkpoints");
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> vandal = other.submit((Callable<Void>) () -> {
                while (CheckpointDirectory.checkpoints(checkpoints).isEmpty()) {
                    Thread.sleep(1);
                }
                Files.move(checkpoints, folder.resolve("away"));
                Files.writeString(checkpoints, "in the way");
                return null;
            });
            Outcome outcome = trainSteps(6000);
            vandal.get(60, TimeUnit.SECONDS);

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains(
                            "training goes on and tries again",
                            "wrote " + model,
                            "slicedscore train: " + checkpoints + " was deleted, and could not be made again (");
        } finally {
            other.shutdownNow();
        }
        try (ScoreModel loaded = ScoreModel.load(model)) {
            assertThat(loaded.provenance().steps()).isEqualTo(6000);
        }
        assertThat(CheckpointDirectory.checkpoints(folder.resolve("away"))).isNotEmpty();
        assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(checkpoints).hasContent("in the way");
    }

    @Test
    void whatAKilledTrainingLeftHalfWrittenIsDeleted() throws IOException {
        Files.createFile(folder.resolve(".m.safetensors.1f-2a.tmp"));
        Files.createFile(folder.resolve(".m.training.csv.1f-2a.tmp"));
        Path others = Files.createFile(folder.resolve(".n.safetensors.1f-2a.tmp"));
        assertThat(train().code()).isZero();
        assertThat(names())
                .filteredOn(name -> name.endsWith(".tmp"))
                .containsExactly(others.getFileName().toString());
    }

    /** Readers meanwhile see one of the two. */
    @Test
    void twoThatWriteOneFileAtOnceLeaveItWhole() throws Exception {
        assertThat(train().code()).isZero();
        Path out = folder.resolve("s.csv");
        Set<String> results = Set.of(sample(out, 1), sample(out, 2));
        assertThat(results).hasSize(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int read = 0;
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int seed = 1; seed <= 2; seed++) {
                int own = seed;
                writers.add(threads.submit((Callable<Void>) () -> {
                    for (int i = 0; i < 10; i++) {
                        sample(out, own);
                    }
                    return null;
                }));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                assertThat(results).contains(Files.readString(out));
                read++;
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(results).contains(Files.readString(out));
        assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
        System.out.printf("20 writes of two at once, read %d times, each whole%n", read);
    }

    private String sample(Path out, int seed) throws IOException {
        Outcome outcome =
                Cli.run("sample", model, "-n", "500", "--steps", "2", "--seed", "" + seed, "--out", out, "--force");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return Files.readString(out, UTF_8);
    }
}
