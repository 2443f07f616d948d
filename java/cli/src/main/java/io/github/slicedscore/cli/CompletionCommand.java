package io.github.slicedscore.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
        // One script serves bash and zsh: the latter reads it by its bashcompinit, which the script calls.
        out.print(shell.equals("fish") ? FishCompletion.script(all) : AutoComplete.bash(all.getCommandName(), all));
        Output.requireWritten(out);
        return 0;
    }
}
