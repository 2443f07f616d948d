package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.slicedscore.Version;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
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
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            ScoreCommand.class,
            SampleCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            AnomaliesCommand.class,
            ImputeCommand.class,
            DenoiseCommand.class,
            CompareCommand.class,
            InfoCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            DoctorCommand.class
        },
        footer = {
            "",
            "Data go to stdout, talk to stderr. Exit codes: 0 fine, 1 the work failed, 2 bad input or usage.",
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
            names = "--debug",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:SLICEDSCORE_DEBUG:-false}",
            description = "Print stack traces (or set SLICEDSCORE_DEBUG=true).")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
    }

    /** The command line with its ways of reporting errors and notes. */
    @SuppressWarnings("try") // the notes are open while the command runs
    static CommandLine commandLine() {
        Main main = new Main();
        Failures failures = new Failures(() -> main.debug);
        return new CommandLine(main)
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(parsed -> {
                    try (Notes notes =
                            Notes.to(parsed.commandSpec().commandLine().getErr())) {
                        return new CommandLine.RunLast().execute(parsed);
                    }
                });
    }

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        PrintWriter err = writer(FileDescriptor.err, true);
        int code;
        try {
            code = commandLine()
                    .setOut(writer(FileDescriptor.out, false))
                    .setErr(err)
                    .execute(args);
        } catch (OutOfMemoryError e) {
            err.println("slicedscore: the JVM's heap is full; allow it more with SLICEDSCORE_JAVA_OPTS=-Xmx8g, or use a"
                    + " smaller network, batch or file");
            code = CommandLine.ExitCode.SOFTWARE;
        }
        System.exit(code);
    }

    /** Always UTF-8, as the CSV files that are read. */
    private static PrintWriter writer(FileDescriptor descriptor, boolean flushLines) {
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(new FileOutputStream(descriptor), UTF_8)), flushLines);
    }
}
