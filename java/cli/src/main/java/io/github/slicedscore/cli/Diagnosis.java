package io.github.slicedscore.cli;

import static io.github.slicedscore.cli.JsonText.map;

import io.github.slicedscore.Version;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendProvider;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} finds, as text and as JSON; the names of the latter are part of the interface.
 *
 * @param nvidia what the driver says of itself, if there is one
 * @param pictures whether pictures can be drawn
 * @param devices every device of every backend, fastest backend first
 */
record Diagnosis(Optional<String> nvidia, boolean pictures, List<Device> devices) {
    /** Set to "0" by the launcher where it was told to leave the module of the Vector API out. */
    private static final String VECTOR_PROPERTY = "slicedscore.vector";

    private static final String CUDA = "cuda";

    /**
     * One device of a backend.
     *
     * @param backend name of the backend
     * @param index of the device
     * @param statuses whether it works in each precision
     */
    record Device(String backend, int index, Map<Precision, BackendStatus> statuses) {
        static Device of(BackendProvider provider, int index) {
            Map<Precision, BackendStatus> statuses = new LinkedHashMap<>();
            for (Precision precision : Precision.values()) {
                statuses.put(precision, provider.status(new BackendOptions(0, index).withPrecision(precision)));
            }
            return new Device(provider.name(), index, statuses);
        }

        BackendStatus status(Precision precision) {
            return statuses.getOrDefault(
                    precision, new BackendStatus.Unavailable("not asked for", "ask for it", false));
        }

        boolean works() {
            return status(Precision.FP32) instanceof BackendStatus.Available;
        }
    }

    /** Looks at this machine. */
    static Diagnosis ofThisMachine() {
        List<Device> devices = new ArrayList<>();
        for (BackendProvider provider : Backends.providers()) {
            for (int index = 0; index < provider.devices(); index++) {
                devices.add(Device.of(provider, index));
            }
        }
        return new Diagnosis(nvidiaDriver(), Fonts.areThere(), devices);
    }

    /** The backend that is taken by default: the first whose first device works. */
    Optional<String> chosen() {
        return devices.stream()
                .filter(device -> device.index() == 0 && device.works())
                .map(Device::backend)
                .findFirst();
    }

    /** For people. */
    String text(Colors colors) {
        StringBuilder text = new StringBuilder();
        line(text, "slicedscore", Version.STRING);
        line(
                text,
                "java",
                property("java.version") + ", " + property("java.vm.name") + " of " + property("java.vendor") + ", "
                        + property("java.home"));
        line(text, "system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        line(text, "processors", Integer.toString(processors()));
        line(text, "heap", heap() + " MiB at most; more with SLICEDSCORE_JAVA_OPTS=-Xmx8g");
        nvidia.ifPresent(version -> line(text, "nvidia", version));
        line(text, "pictures", pictures ? "can be drawn" : "can't be drawn, because " + Fonts.MISSING);
        text.append('\n');
        devices.forEach(device -> append(text, device, colors));
        if (devices.stream().noneMatch(device -> device.backend().equals(CUDA))) {
            line(text, CUDA, "not in this build: no backend for GPUs is on the class path");
        }
        text.append('\n');
        line(text, "auto", chosen().map(name -> "takes " + name).orElse("no backend works here"));
        return text.toString();
    }

    private static void append(StringBuilder text, Device device, Colors colors) {
        if (device.status(Precision.FP32) instanceof BackendStatus.Unavailable missing) {
            line(text, device.backend(), colors.bad("can't be used:") + " " + missing.reason());
            line(text, "", "what helps: " + missing.remedy());
            return;
        }
        BackendStatus.Available available = (BackendStatus.Available) device.status(Precision.FP32);
        line(text, device.backend(), colors.good("works:") + " " + available.description());
        if (!available.hint().isEmpty()) {
            line(text, "", available.hint());
        }
        if (device.backend().equals("cpu") && "0".equals(System.getProperty(VECTOR_PROPERTY))) {
            line(text, "", "SLICEDSCORE_VECTOR=0 keeps the command slicedscore from loading it: unset that");
        }
        appendOtherPrecisions(text, device);
    }

    private static void appendOtherPrecisions(StringBuilder text, Device device) {
        Map<String, List<String>> lacking = new LinkedHashMap<>();
        device.statuses().forEach((precision, status) -> {
            if (status instanceof BackendStatus.Unavailable missing) {
                lacking.computeIfAbsent(missing.reason(), reason -> new ArrayList<>())
                        .add(precision.id());
            } else if (precision != Precision.FP32 && status instanceof BackendStatus.Available available) {
                line(text, "", "with --precision " + precision.id() + ": " + available.description());
            }
        });
        lacking.forEach((reason, precisions) ->
                line(text, "", "not with --precision " + String.join(" or ", precisions) + ": " + reason));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-13s%s%n", name, value));
    }

    /** For programs. */
    String json() {
        return JsonText.of(map(
                "version",
                Version.STRING,
                "java",
                map(
                        "version", property("java.version"),
                        "vm", property("java.vm.name"),
                        "vendor", property("java.vendor"),
                        "home", property("java.home")),
                "system",
                map(
                        "name", property("os.name"),
                        "version", property("os.version"),
                        "arch", property("os.arch"),
                        "processors", processors()),
                "heap_mib",
                heap(),
                "nvidia",
                nvidia.orElse(null),
                "pictures",
                pictures,
                "devices",
                devices.stream()
                        .map(device -> map(
                                "backend", device.backend(),
                                "device", device.index(),
                                "works", device.works(),
                                "precisions",
                                        device.statuses().entrySet().stream()
                                                .map(entry -> precision(entry.getKey(), entry.getValue()))
                                                .toList()))
                        .toList(),
                "auto",
                chosen().orElse(null)));
    }

    private static Map<String, @Nullable Object> precision(Precision precision, BackendStatus status) {
        BackendStatus.Available available = status instanceof BackendStatus.Available works ? works : null;
        BackendStatus.Unavailable missing = status instanceof BackendStatus.Unavailable lacks ? lacks : null;
        return map(
                "precision", precision.id(),
                "works", available != null,
                "description", available == null ? null : available.description(),
                "hint", available == null || available.hint().isEmpty() ? null : available.hint(),
                "reason", missing == null ? null : missing.reason(),
                "remedy", missing == null ? null : missing.remedy());
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory() / (1 << 20);
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
