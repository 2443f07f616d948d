package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

/** The scripts that make shells complete; bash runs its own. */
class CompletionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeScript() throws IOException {
        Files.writeString(
                folder.resolve("script"), Cli.run("completion", "bash").out());
    }

    /** What bash offers for the last word of a line. */
    private List<String> offers(String line) throws Exception {
        Files.writeString(folder.resolve("ask"), """
                compopt() { :; } # which only a completion that bash itself began may call
                source ./script
                COMP_LINE="$1"
                COMP_POINT=${#COMP_LINE}
                COMP_WORDS=($1)
                case $1 in *' ') COMP_WORDS+=('') ;; esac
                COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                _complete_slicedscore slicedscore "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """);
        Process bash;
        try {
            bash = new ProcessBuilder("bash", "--norc", "ask", line)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no bash to try completion with: " + e.getMessage());
            throw e;
        }
        String offered = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as(offered).isZero();
        return offered.lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "slicedscore tr, train",
        "slicedscore train --hid, --hidden",
        "slicedscore train --no-d, --no-dequantize",
        "slicedscore train --objective fd, fd-ssm",
        "slicedscore train --activation rel, relu",
        "slicedscore sample m --method ann, annealed",
        "slicedscore demo --dataset che, checkerboard",
        "slicedscore doctor --js, --json",
        "slicedscore info --color nev, never",
        "slicedscore completion z, zsh",
        "slicedscore help eval, evaluate"
    })
    void bashCompletes(String line, String expected) throws Exception {
        assertThat(offers(line)).containsExactly(expected);
    }

    /** The script keeps the values of an option in a variable that is named after the label. */
    @Test
    void labelsOfOptionsWithValuesAreTheirOwn() {
        Main.commandLine().getSubcommands().values().forEach(command -> assertThat(
                        command.getCommandSpec().options().stream()
                                .filter(option -> option.completionCandidates() != null)
                                .map(OptionSpec::paramLabel))
                .as(command.getCommandName())
                .doesNotHaveDuplicates());
    }

    @Test
    void bashOffersCommandsAndFiles() throws Exception {
        assertThat(offers("slicedscore ")).contains("demo", "train", "score", "doctor", "completion", "help");
        Files.writeString(folder.resolve("wine.csv"), "");
        assertThat(offers("slicedscore train wi")).contains("wine.csv");
        assertThat(offers("slicedscore train --config wi")).contains("wine.csv");
    }

    @Test
    void zshReadsTheSameScript() {
        assertThat(Cli.run("completion", "zsh").out())
                .isEqualTo(Cli.run("completion", "bash").out())
                .contains("bashcompinit");
    }

    @Test
    void fishGetsALineForEachOption() {
        assertThat(Cli.run("completion", "fish").out().lines())
                .contains(
                        "complete -c slicedscore -f -n __fish_use_subcommand -a info -d 'Tells what is in a model file: network,"
                                + " columns, and the training it comes from.'",
                        "complete -c slicedscore -n '__fish_seen_subcommand_from train' -s o -l out -r -d 'The model to write.'",
                        "complete -c slicedscore -n '__fish_seen_subcommand_from train' -l model -r -f -a 'energy score dkef"
                                + " nice' -d 'What the network is (default: energy).'")
                .anyMatch(line -> line.contains("-l no-dequantize"));
    }

    @Test
    void otherShellsAreRefused() {
        assertThat(Cli.run("completion", "tcsh").err()).contains("'tcsh' is none of bash, zsh, fish");
    }
}
