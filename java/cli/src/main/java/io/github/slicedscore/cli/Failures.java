package io.github.slicedscore.cli;

import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.cuda.CudaException;
import io.github.slicedscore.data.MalformedDataException;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.sample.SamplingException;
import io.github.slicedscore.train.DivergenceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one message on stderr and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final BooleanSupplier debug;

    Failures(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + name + " --help'.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        // What was printed stays in front of the message.
        command.getOut().flush();
        PrintWriter err = command.getErr();
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.println(command.getCommandSpec().qualifiedName() + ": " + message(e));
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
                || e instanceof SamplingException;
        return worded && e.getMessage() != null
                ? e.getMessage()
                : "unexpected " + e + "; please report it with what the same command prints with --debug";
    }
}
