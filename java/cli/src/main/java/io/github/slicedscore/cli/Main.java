package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.Version;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code slicedscore}: data go to stdout, talk to stderr; 0 is success, 1 a failure, 2 bad input or usage. */
@Command(
        name = "slicedscore",
        version = "slicedscore " + Version.STRING,
        description =
                "Learns the density of a table of numbers by sliced score matching, scores rows, draws samples, says"
                        + " whether the model fits, finds unusual rows, fills in missing values and takes noise off.",
        footer = {
            "",
            "Data go to stdout, talk to stderr. Exit codes: 0 fine, 1 the work failed, 2 bad input or usage; 130 after Ctrl-C,"
                    + " 141 if nobody reads stdout any more. 'slicedscore help COMMAND' has the options of a command.",
            "",
            "Examples:",
            "  slicedscore demo",
            "  slicedscore train wine.csv --out wine.safetensors --drop quality",
            "  slicedscore score wine.safetensors wine.csv > scores.csv",
            "  slicedscore sample wine.safetensors -n 1000 --seed 7 > samples.csv",
            "  slicedscore evaluate wine.safetensors wine-test.csv",
            "  slicedscore anomalies wine.safetensors wine-test.csv --top 5"
        })
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // picocli sets the fields and reads two of them
public final class Main implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            scope = ScopeType.INHERIT,
            converter = Converters.Color.class,
            completionCandidates = Converters.Color.class,
            description = "Colour help and messages (default: auto, on terminals unless NO_COLOR is set).")
    private @Nullable ColorMode color;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:SLICEDSCORE_DEBUG:-false}",
            description = "Print stack traces (or set SLICEDSCORE_DEBUG=true).")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    /** With options still to be set. */
    Main() {}

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: " + String.join(", ", Commands.names()));
    }

    private Colors colors(boolean terminal) {
        ColorMode mode = color == null ? ColorMode.AUTO : color;
        return Colors.on(mode.colours(terminal, System.getenv()));
    }

    private Colors colorsOfTalk() {
        return colors(Terminal.err());
    }

    /** The whole command line. */
    static CommandLine commandLine() {
        Main main = new Main();
        return main.commandLine(new Arguments(new String[0], Map.of()));
    }

    /** The command line with its ways of reporting errors and notes, and the commands that the words need. */
    @SuppressWarnings("try") // the notes are open while the command runs
    private CommandLine commandLine(Arguments arguments) {
        CommandLine commands = Commands.add(new CommandLine(this), arguments.words());
        Failures failures = new Failures(() -> debug, this::colorsOfTalk, arguments.origins());
        HelpLayout.apply(commands);
        return commands.setUsageHelpWidth(Terminal.columns())
                .setAbbreviatedOptionsAllowed(false)
                .setExpandAtFiles(false) // one kind of files of options is enough
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(parsed -> {
                    colors(Terminal.out()).applyTo(commands);
                    try (Notes notes =
                            Notes.to(parsed.commandSpec().commandLine().getErr())) {
                        return new CommandLine.RunLast().execute(parsed);
                    }
                });
    }

    /**
     * Runs a command.
     *
     * @param out where data go
     * @param err where talk goes
     * @param args the command and its options
     * @return its exit code
     */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        Main main = new Main();
        PrintWriter talk = Talk.to(err, main::colorsOfTalk);
        try {
            Arguments arguments = Arguments.of(args);
            int code = main.commandLine(arguments).setOut(out).setErr(talk).execute(arguments.words());
            if (code == CommandLine.ExitCode.OK) {
                Stdout.requireWritten(out);
            }
            return code;
        } catch (BadInputException | IOException e) {
            return new Failures(() -> main.debug, main::colorsOfTalk, Map.of()).report("slicedscore", e, talk);
        }
    }

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        PrintWriter err = new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), UTF_8)), true);
        int code;
        try {
            code = execute(Stdout.open(), err, args);
        } catch (OutOfMemoryError e) {
            err.println("slicedscore: the JVM's heap is full; allow it more with SLICEDSCORE_JAVA_OPTS=-Xmx8g, or use a"
                    + " smaller network, batch or file");
            code = CommandLine.ExitCode.SOFTWARE;
        }
        System.exit(code);
    }
}
