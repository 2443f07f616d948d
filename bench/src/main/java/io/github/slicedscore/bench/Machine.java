package io.github.slicedscore.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What this runs on, for the heads of tables. */
public final class Machine {
    /** Flags of Linux's /proc/cpuinfo and their names, the widest first. */
    private static final List<Map.Entry<String, String>> WIDTHS = List.of(
            Map.entry("avx512f", "AVX-512"),
            Map.entry("avx2", "AVX2"),
            Map.entry("sve", "SVE"),
            Map.entry("asimd", "NEON"),
            Map.entry("sse2", "SSE2"));

    private Machine() {}

    /**
     * Processor, cores, SIMD and operating system.
     *
     * @return one line
     * @throws IOException if the system's own files can't be read
     */
    public static String describe() throws IOException {
        return fact("model name", System.getProperty("os.arch")) + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + simd() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    /**
     * The JVM.
     *
     * @return its name and version
     */
    public static String jdk() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    }

    /**
     * Memory that Java holds, garbage collected.
     *
     * @return bytes
     */
    public static double heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String simd() throws IOException {
        List<String> flags = Arrays.asList(fact("flags", fact("Features", "")).split(" "));
        return WIDTHS.stream()
                .filter(width -> flags.contains(width.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("SIMD unknown");
    }

    private static String fact(String name, String otherwise) throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return otherwise;
    }
}
