package io.github.slicedscore.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the help of a command. */
@Command(
        name = "help",
        description = "Shows the help of a command, as COMMAND --help does.",
        footer = {"", "Examples:", "  slicedscore help", "  slicedscore help train"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class HelpCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND",
            completionCandidates = Commands.Names.class,
            description = "The command (default: what there is).")
    private @Nullable String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine all = spec.parent().commandLine();
        CommandLine wanted = name == null ? all : find(all, name);
        wanted.usage(spec.commandLine().getOut(), wanted.getColorScheme());
        return 0;
    }

    private static CommandLine find(CommandLine all, String name) {
        CommandLine found = all.getSubcommands().get(name);
        if (found != null) {
            return found;
        }
        throw new BadInputException("there is no command '" + name + "'"
                + Nearest.of(name, all.getSubcommands().keySet())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("; there are " + String.join(", ", Commands.names())));
    }
}
