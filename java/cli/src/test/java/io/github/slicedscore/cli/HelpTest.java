package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.train.TrainingConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "train", "score", "sample", "evaluate", "info", "doctor"})
    void everyCommandExplainsItselfWithExamples(String command) {
        Outcome outcome = Cli.run(command, "--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: slicedscore " + command, "Examples:", "  slicedscore " + command);
    }

    @Test
    void theExamplesAreCommandLinesThatParse() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                if (line.startsWith("  slicedscore ")) {
                    String[] words =
                            line.replaceFirst(" > .*", "").strip().substring(12).split(" ");
                    assertThat(Main.commandLine().parseArgs(words).errors()).isEmpty();
                }
            }
        }
    }

    @Test
    void theProgramListsItsCommands() {
        Outcome outcome = Cli.run("--help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("demo", "train", "score", "sample", "evaluate", "info", "doctor", "Exit codes", "Examples:");
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        Outcome outcome = Cli.run();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("name a command: demo, train, score, sample, evaluate, info or doctor");
    }

    @Test
    void theDefaultsAreTheLibrarys() {
        CommandLine command = Main.commandLine();
        command.parseArgs("train", "data.csv", "--out", "m.safetensors");
        CommandLine train = command.getSubcommands().get("train");
        TrainingOptions options = (TrainingOptions) train.getMixins().get("training");

        assertThat(options.config(List.of())).isEqualTo(TrainingConfig.builder().build());
    }

    @Test
    void doctorNamesWhatComputesAndWhy() {
        Outcome outcome = Cli.run("doctor");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("cpu", "works: plain Java kernels", "cuda", "auto", "processors", "java");
    }
}
