package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Escape sequences stand where they are wanted, and nowhere else. */
class ColorTest {
    private static final String ESCAPE = "\u001b";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "AUTO, true, '', xterm, true",
        "AUTO, false, '', xterm, false",
        "AUTO, true, 1, xterm, false",
        "AUTO, true, '', dumb, false",
        "ALWAYS, false, 1, dumb, true",
        "NEVER, true, '', xterm, false"
    })
    void whenThereAreColours(ColorMode mode, boolean terminal, String noColor, String term, boolean wanted) {
        assertThat(mode.colours(terminal, Map.of("NO_COLOR", noColor, "TERM", term)))
                .isEqualTo(wanted);
    }

    /** A name that would turn all that follows red and rename the window. */
    @Test
    void controlCharactersOfAFileReachNoTerminal() throws IOException {
        String evil = "x\u001b]0;renamed\u0007\u009b2J";
        String shown = "x\uFFFD]0;renamed\uFFFD\uFFFD2J";
        Path file = Files.writeString(folder.resolve("evil.csv"), evil + ",y\n1,2\n3,4\n");
        assertThat(Cli.run("compare", file, file).out()).contains(shown).doesNotContain(evil);
        assertThat(Cli.run("compare", file, file, "--drop", "z").err())
                .contains(shown)
                .doesNotContain(evil);
        assertThat(Cli.run("compare", file, file, "--json").out()).contains("\\u001b]0;renamed\\u0007");
    }

    @Test
    void thereAreNoneWithoutATerminal() {
        for (List<Object> command :
                List.<List<Object>>of(List.of("--help"), List.of("train", "--help"), List.of("doctor"))) {
            Outcome outcome = Cli.run(command.toArray());
            assertThat(outcome.out() + outcome.err()).doesNotContain(ESCAPE);
        }
        assertThat(Cli.run("train").err()).doesNotContain(ESCAPE);
    }

    @Test
    void helpAndDoctorAndErrorsHaveThem() {
        assertThat(Cli.run("train", "--color", "always", "--help").out()).contains(ESCAPE);
        assertThat(Cli.run("--color=always", "help", "train").out()).contains(ESCAPE);
        assertThat(Cli.run("doctor", "--color", "always").out()).contains(ESCAPE + "[32mworks:");
        assertThat(Cli.run("info", "--color", "always", folder.resolve("none")).err())
                .startsWith(ESCAPE + "[1;31mslicedscore info:" + ESCAPE + "[0m there is no model file");
        assertThat(Cli.run("train", "--color", "always", "--hiden").err())
                .startsWith(ESCAPE + "[1;31mslicedscore train:" + ESCAPE + "[0m");
        assertThat(Cli.run("train", "--color", "sometimes").err())
                .contains("--color", "'sometimes' is none of auto, always, never");
    }

    @Test
    void notesHaveTheirFirstWordColoured() {
        StringWriter text = new StringWriter();
        PrintWriter err = Talk.to(text, () -> Colors.on(true));
        err.println("note: this");
        err.print("a warning: ");
        err.println("note: that");
        err.println("warning: the other");

        assertThat(text.toString().lines())
                .containsExactly(
                        ESCAPE + "[33mnote:" + ESCAPE + "[0m this",
                        "a warning: note: that",
                        ESCAPE + "[33mwarning:" + ESCAPE + "[0m the other");
    }

    @Test
    void dataAndFilesNeverHaveThem() throws IOException {
        Path data = Tables.mixture(folder.resolve("data.csv"), 300);
        Path model = folder.resolve("m.safetensors");
        Path samples = folder.resolve("s.csv");
        String always = "--color=always";
        Cli.run("train", data, "--out", model, "--columns", "a", "--hidden", "4", "--steps", "5", always);
        Cli.run("sample", model, "-n", "10", "--steps", "5", "--out", samples, always);

        assertThat(Cli.run("score", model, data, always).out())
                .doesNotContain(ESCAPE)
                .contains("log_density");
        assertThat(Cli.run("sample", model, "-n", "10", "--steps", "5", always).out())
                .doesNotContain(ESCAPE);
        assertThat(Cli.run("info", model, "--json", always).out())
                .doesNotContain(ESCAPE)
                .contains("{");
        assertThat(Cli.run("doctor", "--json", always).out())
                .doesNotContain(ESCAPE)
                .contains("{");
        assertThat(samples).exists();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(csv|properties)"))
                    .toList()) {
                assertThat(Files.readString(file, StandardCharsets.UTF_8)).doesNotContain(ESCAPE);
            }
        }
    }
}
