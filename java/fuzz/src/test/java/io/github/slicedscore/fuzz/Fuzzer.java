package io.github.slicedscore.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that runs the fuzzer on some targets, one after the other, each in a JVM of its own; the profile {@code fuzz}. */
final class Fuzzer {
    /** What the JVM of a target may take, and how long one input may. */
    private static final String HEAP = "-Xmx128m";

    private static final int SECONDS_PER_INPUT = 30;

    private Fuzzer() {}

    /**
     * Runs the fuzzer.
     *
     * @param arguments a folder for what it makes, the number of runs of each target, the seconds of each, 0 for no limit, what
     *     Jazzer traces, and the names of targets, all if there are none
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        List<String> names = arguments.length < 5 || arguments[4].isBlank()
                ? Targets.ALL.stream().map(Target::name).toList()
                : Arrays.asList(arguments[4].split(","));
        int failures = 0;
        for (String name : names) {
            Target target = Targets.ALL.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no target " + name));
            List<String> limits = List.of("-runs=" + arguments[1], "-max_total_time=" + arguments[2]);
            failures += run(target, folder.resolve(name), limits, arguments[3]) == 0 ? 0 : 1;
        }
        if (failures > 0) {
            System.err.println(failures + " of " + names.size() + " targets failed; the inputs are in " + folder);
            System.exit(1);
        }
    }

    private static int run(Target target, Path folder, List<String> limits, String traced)
            throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        List<byte[]> inputs = target.corpus();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(corpus.resolve("stored-" + i), inputs.get(i));
        }
        StringBuilder words = new StringBuilder();
        target.words().forEach(word -> words.append(quoted(word)).append('\n'));
        // What is left out of a table is logged, which takes longer than to read it.
        Path logging = Files.writeString(folder.resolve("logging.properties"), ".level = WARNING");
        Path dictionary = Files.writeString(folder.resolve("words"), words);
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-Djdk.attach.allowAttachSelf=true",
                "-Djava.util.logging.config.file=" + logging,
                "-classpath",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                "--trace=" + traced,
                "--instrumentation_includes=io.github.slicedscore.**:de.siegmar.fastcsv.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-dict=" + dictionary,
                "-max_len=" + Mutations.LONGEST,
                "-timeout=" + SECONDS_PER_INPUT,
                "-print_final_stats=1",
                corpus.toString()));
        line.addAll(limits);
        System.out.println(target + ": " + String.join(" ", line));
        return new ProcessBuilder(line).inheritIO().start().waitFor();
    }

    /** As the fuzzer's dictionaries have it. */
    private static String quoted(String word) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : word.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            quoted.append(String.format("\\x%02x", b));
        }
        return quoted.append('"').toString();
    }
}
