package io.github.slicedscore.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete the command line. */
@Command(
        name = "completion",
        description = "Prints a script that makes a shell complete commands, options, their values and files.",
        footer = {
            "",
            "Put the line for your shell into the file that it reads when it starts: ~/.bashrc, ~/.zshrc (after compinit), or"
                    + " ~/.config/fish/config.fish.",
            "",
            "Examples:",
            "  source <(slicedscore completion bash)",
            "  source <(slicedscore completion zsh)",
            "  slicedscore completion fish | source"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CompletionCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "bash|zsh|fish",
            converter = Converters.Shell.class,
            completionCandidates = Converters.Shell.class,
            description = "The shell.")
    private String shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine all = spec.parent().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(shell.equals("fish") ? FishCompletion.script(all) : bash(all));
        Stdout.requireWritten(out);
        return 0;
    }

    /** The script for bash serves zsh, too, which reads it by its bashcompinit. Picocli leaves out the negations of options. */
    private static String bash(CommandLine all) {
        String script = AutoComplete.bash(all.getCommandName(), all);
        Set<String> negatable = all.getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(OptionSpec::negatable)
                .map(OptionSpec::longestName)
                .collect(Collectors.toSet());
        for (String name : negatable) {
            script = script.replace("'" + name + "'", "'" + name + "' '--no-" + name.substring(2) + "'");
        }
        return script;
    }
}
