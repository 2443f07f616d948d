package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
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

/** Where stdout leads, in a JVM of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes and devices are other ones there")
class PipeTest {
    /** More than a pipe holds. */
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    @Test
    void endsQuietlyIfNobodyReadsOn() throws Exception {
        Process score = start(score(), ProcessBuilder.Redirect.PIPE);
        try (BufferedReader out = score.inputReader(UTF_8)) {
            assertThat(out.readLine()).isEqualTo("log_density,percentile,score_norm");
        }

        assertThat(score.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(score.exitValue()).isEqualTo(141);
        assertThat(folder.resolve("err")).isEmptyFile();
    }

    @Test
    void saysWhyTheOutputCannotBeWritten() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        for (List<String> command : List.of(List.of("help"), score())) {
            Process process = start(command, ProcessBuilder.Redirect.to(full.toFile()));

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(folder.resolve("err")))
                    .singleElement()
                    .asString()
                    .contains("the output can't be written any further: ");
        }
    }

    private List<String> score() throws IOException {
        Path data = Tables.mixture(folder.resolve("data.csv"), ROWS);
        Path model = folder.resolve("m.safetensors");
        Cli.run("train", data, "--out", model, "--columns", "a", "--hidden", "4", "--steps", "2", "--force");
        Path column = folder.resolve("a.csv");
        Files.write(
                column,
                Files.readAllLines(data).stream()
                        .map(line -> line.substring(0, line.indexOf(',')))
                        .toList());
        return List.of("score", model.toString(), column.toString());
    }

    private Process start(List<String> arguments, ProcessBuilder.Redirect out) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> line = new ArrayList<>(
                List.of(java.toString(), "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        line.addAll(arguments);
        return new ProcessBuilder(line)
                .redirectOutput(out)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }
}
