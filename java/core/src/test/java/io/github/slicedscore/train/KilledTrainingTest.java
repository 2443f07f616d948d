package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.JavaProcess;
import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.model.Parameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that are killed at any moment, by SIGKILL where there is such a thing, again and again until they have ended. */
class KilledTrainingTest {
    /** A thousand under the profile full, which take some ten minutes. */
    private static final int KILLS = Integer.getInteger("slicedscore.crash.kills", 20);

    private static final Pattern LINE = Pattern.compile("(from|saved) ([0-9]+)");

    @TempDir
    Path folder;

    private Path checkpoints;
    private Path model;
    private final Random random = new Random();

    private long begun;
    private long duration;

    /** The least step that the next start has to go on from. */
    private long saved;

    @Test
    void endWithTheSameBitsHoweverOftenTheyWereKilled() throws Exception {
        model = folder.resolve("whole.safetensors");
        checkpoints = folder.resolve("whole");
        assertThat(runAndKill(Long.MAX_VALUE)).isFalse();
        // Reaches into the saves, and leaves a training some more starts.
        int longest = Math.toIntExact(duration / 3_000);
        Parameters wanted = parameters();

        int killed = 0;
        int withinSave = 0;
        int resumed = 0;
        int trainings = 0;
        while (killed < KILLS) {
            model = folder.resolve("m" + trainings + ".safetensors");
            checkpoints = folder.resolve("c" + trainings);
            saved = 0;
            boolean ended = false;
            while (!ended) {
                // One of eight kills at any time since the start of the JVM.
                long patience = random.nextInt(8) == 0 ? -1 - random.nextInt(400) : random.nextInt(longest);
                ended = !runAndKill(killed < KILLS ? patience : Long.MAX_VALUE);
                if (!ended) {
                    killed++;
                    resumed += saved > 0 ? 1 : 0;
                    withinSave += hasTemporary() ? 1 : 0;
                }
            }
            assertThat(parameters()).isEqualTo(wanted);
            assertThat(SavedTraining.names(checkpoints))
                    .containsExactly(
                            ".lock", "best.safetensors", "step-000000095.safetensors", "step-000000100.safetensors");
            trainings++;
            if (KILLS > 100) {
                System.out.printf("killed %d times so far, %d within a save%n", killed, withinSave);
            }
        }
        System.out.printf(
                "killed %d times, %d within a save; %d restarts went on from a checkpoint, none from before the last save;"
                        + " %d trainings ended with the same bits%n",
                killed, withinSave, resumed, trainings);
        assertThat(withinSave).isPositive();
    }

    private Parameters parameters() throws IOException {
        try (ScoreModel loaded = ScoreModel.load(model)) {
            return loaded.parameters();
        }
    }

    private boolean hasTemporary() throws IOException {
        return Files.isDirectory(checkpoints)
                && SavedTraining.names(checkpoints).stream().anyMatch(name -> name.endsWith(".tmp"));
    }

    /**
     * Runs the training, and kills it so many microseconds after it has begun, or, below zero, so many milliseconds after the
     * JVM was started; false if it ended before.
     */
    private boolean runAndKill(long patience) throws Exception {
        Path errors = folder.resolve("errors");
        Process process = JavaProcess.of(TrainingProcess.class, checkpoints, model)
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            String first = null;
            if (patience < 0) {
                TimeUnit.MILLISECONDS.sleep(-patience);
                // Not the process itself, which would close what it has said.
                process.toHandle().destroyForcibly();
            } else {
                first = lines.readLine();
                begun = System.nanoTime();
                if (patience < Long.MAX_VALUE) {
                    TimeUnit.MICROSECONDS.sleep(patience);
                    process.toHandle().destroyForcibly();
                }
            }
            List<String> rest = lines.lines().toList();
            int code = process.waitFor();
            duration = System.nanoTime() - begun;
            boolean killed = code == 137 || (code == 1 && patience < Long.MAX_VALUE && isWindows());
            if (!killed) {
                assertThat(code).as(Files.readString(errors)).isZero();
            }
            heed(first);
            rest.forEach(this::heed);
            return killed;
        }
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    /** Takes up what the training said; a line may be cut short. */
    private void heed(String line) {
        Matcher matcher = LINE.matcher(line == null ? "" : line);
        if (matcher.matches()) {
            long step = Long.parseLong(matcher.group(2));
            if (matcher.group(1).equals("from")) {
                assertThat(step).as("the step that it goes on from").isGreaterThanOrEqualTo(saved);
            }
            saved = Math.max(saved, step);
        }
    }
}
