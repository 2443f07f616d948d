package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.eval.EvaluationSettings;
import io.github.slicedscore.sample.AnnealedLangevin;
import io.github.slicedscore.sample.Hamiltonian;
import io.github.slicedscore.sample.Imputer;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.Mala;
import io.github.slicedscore.sample.ProbabilityFlow;
import io.github.slicedscore.sample.ReverseSde;
import io.github.slicedscore.train.TrainingConfig;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    private static final Pattern EXAMPLE = Pattern.compile("^  .*slicedscore ([^>|)]+)");

    private static String[] commands() {
        return Main.commandLine().getSubcommands().keySet().toArray(new String[0]);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithExamples(String command) {
        Outcome outcome = Cli.run(command, "--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: slicedscore " + command, "Examples:\n", "slicedscore " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "train", "score", "sample", "evaluate", "report", "anomalies", "impute", "denoise"})
    void whatComputesIsChosenAlikeEverywhere(String command) {
        String help = Cli.run(command, "--help").out().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("--threads=N", "--backend=NAME", "--device=N", "--precision=fp32|tf32|bf16")
                .contains("The processor has fp32 alone; auto then takes a GPU or fails.");
    }

    /** Up to what the shell does with them. */
    @Test
    void theExamplesAreCommandLinesThatParse() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                Matcher example = EXAMPLE.matcher(line);
                if (example.find()) {
                    String[] words = example.group(1).strip().split(" ");
                    assertThat(Main.commandLine().parseArgs(words).errors()).isEmpty();
                }
            }
        }
    }

    @Test
    void theProgramListsItsCommands() {
        Outcome outcome = Cli.run("--help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains(commands()).contains("Exit codes", "Examples:");
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        Outcome outcome = Cli.run();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("name a command: " + String.join(", ", Commands.names()));
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
    void theDefaultsOfSamplersAreTheLibrarys() {
        String help = Cli.run("sample", "--help").out().replaceAll("\\s+", " ");
        Langevin langevin = Langevin.standard();
        Mala mala = Mala.standard();
        Hamiltonian hmc = Hamiltonian.standard();
        AnnealedLangevin annealed = AnnealedLangevin.standard();
        ReverseSde sde = ReverseSde.standard();

        assertThat(mala.chains()).isEqualTo(hmc.chains());
        assertThat(mala.warmUp()).isEqualTo(hmc.warmUp());
        assertThat(help)
                .contains(
                        "Steps of langevin (default: " + langevin.steps() + "), of annealed at each level ("
                                + annealed.stepsPerLevel() + "), of sde (" + sde.steps() + ").",
                        "squared deviations of the data (default: " + langevin.firstStep() + ")",
                        "squared deviations of the noise (" + annealed.step() + ").",
                        "last step of langevin (default: " + langevin.lastStep() + ").",
                        "Chains of mala and hmc (default: " + hmc.chains() + ").",
                        "at least 20 (default: " + hmc.warmUp() + ").",
                        "(default: mala " + mala.thinning() + ", hmc " + hmc.thinning() + ").",
                        "Steps of a transition of hmc (default: " + hmc.leapfrogs() + ").",
                        "0 for none (default: " + sde.correctorSteps() + ").");
        assertThat(ProbabilityFlow.standard()).isEqualTo(new ProbabilityFlow(0.00001, 0.00001));
        assertThat(help).contains("relative and absolute (default: 0.00001).");
    }

    @Test
    void theDefaultsOfEvaluateAreTheLibrarys() {
        CommandLine command = Main.commandLine();
        command.parseArgs("evaluate", "m.safetensors", "test.csv", "--seed", "5");
        CommandLine evaluate = command.getSubcommands().get("evaluate");
        EvaluationOptions options = (EvaluationOptions) evaluate.getMixins().get("evaluating");

        assertThat(options.settings()).isEqualTo(EvaluationSettings.standard(5));
    }

    @Test
    void theDefaultsOfImputeAreTheLibrarys() {
        CommandLine command = Main.commandLine();
        command.parseArgs("impute", "m.safetensors", "gaps.csv", "--out", "filled.csv");
        ImputeCommand impute = command.getSubcommands().get("impute").getCommand();

        assertThat(impute.imputer()).isEqualTo(Imputer.standard());
    }

    @Test
    void doctorNamesWhatComputesAndWhy() {
        Outcome outcome = Cli.run("doctor");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("cpu", "works: plain Java kernels", "--add-modules", "cuda", "auto", "processors", "java")
                .contains("not with --precision tf32 or bf16: the processor's kernels compute in fp32 alone");
    }
}
