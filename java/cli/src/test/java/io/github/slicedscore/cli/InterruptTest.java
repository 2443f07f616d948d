package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.slicedscore.ScoreModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a JVM of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGINT to send")
class InterruptTest {
    private static final long SECONDS = 60;

    @TempDir
    Path folder;

    @Test
    void leavesAModelThatLoadsAndATrainingThatResumes() throws Exception {
        assumeFalse(
                ignoresInterrupts(),
                "processes that are started from here ignore SIGINT, as all do that a shell without job control starts by '&';"
                        + " run the tests in the foreground");
        Path data = Tables.mixture(folder.resolve("data.csv"), 500);
        Path model = folder.resolve("m.safetensors");
        Path err = folder.resolve("err");
        List<String> train = List.of(
                "train",
                data.toString(),
                "--out",
                model.toString(),
                "--columns",
                "a",
                "--hidden",
                "16",
                "--steps",
                "3000000");
        Process process = start(train, err);
        waitUntilItSays(err, "steps of");

        assertThat(Cli.run(train.toArray()).err()).contains("another training is writing", "m.checkpoints");

        // Some steps are done by now, but nothing is written yet.
        Thread.sleep(500);
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(err))
                .containsSubsequence(
                        "stopping after this step", "interrupted at step", "--resume continues", "wrote " + model);
        assertThat(process.exitValue()).isEqualTo(130);
        try (ScoreModel loaded = ScoreModel.load(model)) {
            assertThat(loaded.logDensity(0)).isFinite();
        }
        assertThat(folder.resolve("m.training.csv")).exists();
        assertThat(folder.resolve("m.training.png")).exists();

        List<String> resume = new ArrayList<>(train);
        resume.add("--resume");
        Process again = start(resume, err);
        waitUntilItSays(err, "continues at step");
        again.destroyForcibly().waitFor();
    }

    /** Whether processes that are started from here inherit that SIGINT is ignored, which a JVM then leaves so. */
    private static boolean ignoresInterrupts() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "kill -INT $$; exit 0").start().waitFor() == 0;
    }

    private static void waitUntilItSays(Path file, String words) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!Files.exists(file) || !Files.readString(file).contains(words)) {
            assertThat(System.nanoTime())
                    .as("waiting for '%s' in %s", words, file)
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static Process start(List<String> arguments, Path err) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> line = new ArrayList<>(
                List.of(java.toString(), "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(arguments);
        return new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
    }
}
