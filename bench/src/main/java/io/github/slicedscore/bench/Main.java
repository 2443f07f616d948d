package io.github.slicedscore.bench;

import io.github.slicedscore.Version;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * JMH's main, behind a few lines on what computes where. A backend that was asked for and does not work here ends the run
 * before it begins, with the reason and what would mend it.
 */
public final class Main {
    /** Says which commit was measured, where git can't. */
    private static final String COMMIT_PROPERTY = "slicedscore.commit";

    private Main() {}

    /**
     * Runs benchmarks.
     *
     * @param args JMH's own; {@code -h} explains them
     * @throws IOException as JMH's main does
     */
    public static void main(String[] args) throws IOException {
        String[] jmhs = args;
        try {
            CommandLineOptions options = new CommandLineOptions(args);
            if (measures(options)) {
                requireConfigs(options);
                System.out.println(describe(backends(options)));
                jmhs = options.getIncludes().isEmpty() ? withoutFigure(args) : args;
            }
        } catch (CommandLineOptionException | BackendUnavailableException | IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(2);
        }
        org.openjdk.jmh.Main.main(jmhs);
    }

    /** The figure's benchmark takes minutes and is wanted for itself: only where it is asked for. */
    private static String[] withoutFigure(String[] args) {
        String[] more = Arrays.copyOf(args, args.length + 2);
        more[args.length] = "-e";
        more[args.length + 1] = ByDimension.class.getName();
        return more;
    }

    private static boolean measures(CommandLineOptions options) {
        return !(options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats());
    }

    private static void requireConfigs(CommandLineOptions options) {
        for (String name : options.getParameter("config").orElse(List.of())) {
            if (Arrays.stream(Config.values()).noneMatch(config -> config.name().equals(name))) {
                throw new IllegalArgumentException("no configuration is called '" + name + "'; choose some of "
                        + Arrays.toString(Config.values()));
            }
        }
    }

    private static Collection<String> backends(CommandLineOptions options) {
        return options.getParameter("backend").orElse(List.of(Computing.PLAIN, Computing.SIMD));
    }

    private static String describe(Collection<String> backends) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# slicedscore " + Version.STRING + ", commit " + commit());
        lines.add("# Machine: " + Machine.describe());
        lines.add("# JDK: " + Machine.jdk());
        for (String name : backends) {
            if (Computing.isProcessors(name)) {
                lines.add("# Backend " + name + ": the processor's; every fork says which kernels it has");
                continue;
            }
            try (Backend backend = Computing.open(name, 0)) {
                lines.add("# Backend " + name + ": " + backend.description());
            }
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String commit() throws IOException {
        String given = System.getProperty(COMMIT_PROPERTY);
        if (given != null) {
            return given;
        }
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String words = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return words.isEmpty() ? "unknown" : words + " (of the working folder)";
        } catch (IOException e) {
            return "unknown; say it with -D" + COMMIT_PROPERTY + "=...";
        }
    }
}
