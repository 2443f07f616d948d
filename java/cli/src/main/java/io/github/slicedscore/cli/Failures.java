package io.github.slicedscore.cli;

import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.cuda.CudaException;
import io.github.slicedscore.data.MalformedDataException;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.sample.SamplingException;
import io.github.slicedscore.train.DivergenceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one message on stderr and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier debug;
    private final Supplier<Colors> colors;
    private final Map<String, String> origins;

    /**
     * Knows how to report.
     *
     * @param debug whether to print stack traces
     * @param colors those of stderr
     * @param origins where options come from that are not on the command line, by name
     */
    Failures(BooleanSupplier debug, Supplier<Colors> colors, Map<String, String> origins) {
        this.debug = debug;
        this.colors = colors;
        this.origins = origins;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        String origin = e.getArgSpec() instanceof OptionSpec option ? origins.get(option.longestName()) : null;
        // What is missing is often there, but misspelt.
        List<String> unknown = command.getUnmatchedArguments();
        boolean misspelt = e instanceof MissingParameterException && !unknown.isEmpty();
        String message = misspelt ? "Unknown: '" + String.join("', '", unknown) + "'" : e.getMessage();
        err.println(colors.get().bad(name + ":") + " " + (origin == null ? "" : origin + ": ") + message);
        if (misspelt || e instanceof UnmatchedArgumentException) {
            unknown.stream()
                    .limit(1)
                    .flatMap(word -> meant(word, command.getCommandSpec()).stream())
                    .forEach(near -> err.println("Did you mean '" + near + "'?"));
        }
        err.println("Try '" + name + " --help'.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** The option or command that is most like what nobody knows. */
    private static Optional<String> meant(String word, CommandSpec command) {
        if (!word.startsWith("-")) {
            return Nearest.of(word, command.subcommands().keySet());
        }
        List<String> known = new ArrayList<>();
        command.options()
                .forEach(option -> known.addAll(option.negatable() ? bothNames(option) : List.of(option.names())));
        int value = word.indexOf('=');
        return Nearest.of(value < 0 ? word : word.substring(0, value), known);
    }

    private static List<String> bothNames(OptionSpec option) {
        return List.of(option.longestName(), option.longestName().replaceFirst("^--", "--no-"));
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        // What was printed stays in front of the message.
        command.getOut().flush();
        return report(command.getCommandSpec().qualifiedName(), e, command.getErr());
    }

    /** Prints what went wrong in a command; returns the exit code. */
    int report(String command, Exception e, PrintWriter err) {
        if (e instanceof ClosedOutputException) {
            return ClosedOutputException.EXIT_CODE;
        }
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.println(colors.get().bad(command + ":") + " " + message(e));
        err.flush();
        return isInput(e) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** Whether the user can mend it by giving something else: the library refuses what it is given by these. */
    private static boolean isInput(Exception e) {
        return e instanceof BadInputException
                || e instanceof MalformedDataException
                || e instanceof MalformedFileException
                || e instanceof BackendUnavailableException
                || e instanceof IllegalArgumentException;
    }

    private static String message(Exception e) {
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + ": " + failure.getClass().getSimpleName();
        }
        boolean worded = isInput(e)
                || e instanceof IOException
                || e instanceof CudaException
                || e instanceof DivergenceException
                || e instanceof OutOfHeapException
                || e instanceof SamplingException;
        return worded && e.getMessage() != null
                ? e.getMessage()
                : "unexpected " + e + "; please report it with what the same command prints with --debug";
    }
}
