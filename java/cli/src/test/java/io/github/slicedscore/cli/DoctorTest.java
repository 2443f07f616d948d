package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code doctor} says in JVMs of its own, as their system properties decide what works. */
class DoctorTest {
    @Test
    void failsIfNoBackendWorks() throws Exception {
        Outcome outcome = doctor("-Dslicedscore.kernels=fast");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).contains("no backend works here", "choose one of auto, plain");
    }

    @Test
    void anEmptyChoiceOfKernelsIsNone() throws Exception {
        Outcome outcome = doctor("-Dslicedscore.kernels=");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("works: plain Java kernels").doesNotContain("SLICEDSCORE_VECTOR");
    }

    @Test
    void blamesTheVariableThatKeepsTheLauncherFromTheVectorApi() throws Exception {
        assertThat(doctor("-Dslicedscore.vector=0").out()).contains("SLICEDSCORE_VECTOR=0", "unset that");
    }

    private static Outcome doctor(String option) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classes = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(java.toString(), option, "-cp", classes, Main.class.getName(), "doctor")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), out, "");
    }
}
