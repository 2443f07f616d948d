package io.github.slicedscore.cli;

import io.github.slicedscore.Version;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what would compute on this machine. */
@Command(
        name = "doctor",
        description = "Tells which backend and kernels this machine would use, and why not the faster ones.",
        footer = {"", "The exit code is 1 if no backend works here.", "", "Examples:", "  slicedscore doctor"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DoctorCommand implements Callable<Integer> {
    /** Set to "0" by the launcher where it was told to leave the module of the Vector API out. */
    private static final String VECTOR_PROPERTY = "slicedscore.vector";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        line(out, "slicedscore", Version.STRING);
        line(
                out,
                "java",
                property("java.version") + ", " + property("java.vm.name") + " of " + property("java.vendor") + ", "
                        + property("java.home"));
        line(out, "system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        line(out, "processors", Integer.toString(runtime.availableProcessors()));
        line(out, "heap", runtime.maxMemory() / (1 << 20) + " MiB at most; more with SLICEDSCORE_JAVA_OPTS=-Xmx8g");
        nvidiaDriver().ifPresent(version -> line(out, "nvidia", version));
        line(out, "pictures", Fonts.areThere() ? "can be drawn" : "can't be drawn, because " + Fonts.MISSING);
        out.println();
        String chosen = "";
        List<BackendProvider> providers = Backends.providers();
        for (BackendProvider provider : providers) {
            for (int device = 0; device < provider.devices(); device++) {
                boolean works = report(out, provider, new BackendOptions(0, device));
                chosen = works && device == 0 && chosen.isEmpty() ? provider.name() : chosen;
            }
        }
        if (providers.stream().noneMatch(provider -> provider.name().equals("cuda"))) {
            line(out, "cuda", "not in this build: no backend for GPUs is on the class path");
        }
        out.println();
        line(out, "auto", chosen.isEmpty() ? "no backend works here" : "takes " + chosen);
        out.flush();
        return chosen.isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /** Says whether a backend works with a device, and in which precisions; true if it does in single precision. */
    private static boolean report(PrintWriter out, BackendProvider provider, BackendOptions options) {
        BackendStatus status = provider.status(options);
        if (status instanceof BackendStatus.Unavailable missing) {
            line(out, provider.name(), "can't be used: " + missing.reason());
            line(out, "", "what helps: " + missing.remedy());
            return false;
        }
        BackendStatus.Available available = (BackendStatus.Available) status;
        line(out, provider.name(), "works: " + available.description());
        if (!available.hint().isEmpty()) {
            line(out, "", available.hint());
        }
        if (provider.name().equals("cpu") && "0".equals(System.getProperty(VECTOR_PROPERTY))) {
            line(out, "", "SLICEDSCORE_VECTOR=0 keeps the command slicedscore from loading it: unset that");
        }
        reportOtherPrecisions(out, provider, options);
        return true;
    }

    private static void reportOtherPrecisions(PrintWriter out, BackendProvider provider, BackendOptions options) {
        Map<String, List<String>> lacking = new LinkedHashMap<>();
        for (Precision precision : EnumSet.complementOf(EnumSet.of(options.precision()))) {
            BackendStatus status = provider.status(options.withPrecision(precision));
            if (status instanceof BackendStatus.Available available) {
                line(out, "", "with --precision " + precision.id() + ": " + available.description());
            } else if (status instanceof BackendStatus.Unavailable missing) {
                lacking.computeIfAbsent(missing.reason(), reason -> new ArrayList<>())
                        .add(precision.id());
            }
        }
        lacking.forEach((reason, precisions) ->
                line(out, "", "not with --precision " + String.join(" or ", precisions) + ": " + reason));
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-13s%s%n", name, value);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /** The first line of what the kernel module says of itself. */
    private static Optional<String> nvidiaDriver() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/driver/nvidia/version"))) {
            return lines.findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
