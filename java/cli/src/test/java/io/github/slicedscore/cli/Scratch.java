package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * Where the commands of a document run: a folder, and the program slicedscore on the PATH, which is the launcher in front of the
 * classes under test.
 *
 * @param folder where blocks run
 * @param installed where the launcher, and what it starts, lie
 */
record Scratch(Path folder, Path installed) {
    private static final Path LAUNCHER = Path.of("bin", "slicedscore");

    /** Makes both folders in a folder. */
    static Scratch in(Path parent) throws IOException {
        Scratch scratch = new Scratch(
                Files.createDirectories(parent.resolve("folder")),
                Files.createDirectories(parent.resolve("installed")));
        Files.createDirectories(scratch.installed.resolve("bin"));
        Files.createDirectories(scratch.installed.resolve("target/lib"));
        Path launcher = Files.copy(LAUNCHER, scratch.installed.resolve("bin/slicedscore"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        writeJar(scratch.installed.resolve("target/slicedscore-cli.jar"));
        Files.writeString(scratch.folder.resolve("data.csv"), table());
        if (WineData.isThere()) {
            scratch.addWines();
        }
        return scratch;
    }

    /** The red and the white wines, and four fifths and a fifth of the white ones, as the README has awk part them. */
    private void addWines() throws IOException {
        for (String colour : List.of("red", "white")) {
            Files.copy(WineData.of(colour), folder.resolve("winequality-" + colour + ".csv"));
        }
        List<String> training = new ArrayList<>();
        List<String> test = new ArrayList<>();
        List<String> lines = Files.readAllLines(WineData.of("white"));
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (number == 1 || number % 5 != 0) {
                training.add(line);
            }
            if (number == 1 || number % 5 == 0) {
                test.add(line);
            }
        }
        Files.write(folder.resolve("wine.csv"), training);
        Files.write(folder.resolve("wine-test.csv"), test);
    }

    /** A process that starts in the folder. */
    ProcessBuilder process(String... words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment()
                .merge("PATH", installed.resolve("bin").toString(), (old, ours) -> ours + File.pathSeparator + old);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Commands of a second are done sooner without; and the JVM warns of the module.
        builder.environment().put("SLICEDSCORE_VECTOR", "0");
        builder.environment().remove("SLICEDSCORE_JAVA_OPTS");
        // A JVM that finds these says so on stderr.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /** A jar that holds nothing but the class path of the tests. */
    private static void writeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    /** 500 rows of two columns, for examples that take any table. */
    private static String table() {
        StringBuilder table = new StringBuilder("a,b\n");
        for (int i = 0; i < 500; i++) {
            table.append(Math.sin(i))
                    .append(',')
                    .append(Math.cos(3 * i) + 0.1 * Math.sin(7 * i))
                    .append('\n');
        }
        return table.toString();
    }
}
