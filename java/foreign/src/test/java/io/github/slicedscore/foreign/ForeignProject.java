package io.github.slicedscore.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The project in src/project and the README's example, copied to a folder of its own and built by a Maven of its own.
 *
 * @param folder where it is
 * @param jdk what builds and runs it
 */
record ForeignProject(Path folder, Jdk jdk) {
    private static final Path SOURCE = Path.of("src", "project");
    private static final Path FILTERED = Path.of("target", "test-classes");
    private static final String MAIN = "com.example.Example";

    /** Nothing below a warning is logged: neither by java.util.logging nor where that module is not there. */
    private static final List<String> QUIET =
            List.of("-Djava.util.logging.config.file=logging.properties", "-Djdk.system.logger.level=WARNING");

    /** Builds it with a dependency on slicedscore or slicedscore-platform, as a named module or as none; no warning is printed. */
    static ForeignProject build(String name, Jdk jdk, String artifact, boolean modular)
            throws IOException, InterruptedException {
        ScratchRepository.fill();
        Path folder = Path.of("target", "foreign", name + "-" + jdk.feature()).toAbsolutePath();
        delete(folder);
        Path sources = folder.resolve("src/main/java");
        Files.createDirectories(sources.resolve("com/example"));
        copy(FILTERED.resolve("pom.xml"), folder.resolve("pom.xml"));
        copy(SOURCE.resolve("java/com/example/Example.java"), sources.resolve("com/example/Example.java"));
        ReadmeExample.write(sources);
        if (modular) {
            copy(SOURCE.resolve("modular/module-info.java"), sources.resolve("module-info.java"));
        }
        Files.writeString(folder.resolve("data.csv"), table());
        Files.writeString(
                folder.resolve("logging.properties"), "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n");
        Command.Outcome maven = Command.start(
                        jdk,
                        folder,
                        "maven",
                        List.of(
                                Path.of(System.getProperty("slicedscore.maven.home"), "bin", "mvn")
                                        .toString(),
                                "--batch-mode",
                                "--no-transfer-progress",
                                "--global-settings",
                                FILTERED.resolve("settings.xml")
                                        .toAbsolutePath()
                                        .toString(),
                                "-Dmaven.repo.local=" + ScratchRepository.FOLDER,
                                "-Dslicedscore.artifact=" + artifact,
                                "-Dslicedscore.type=" + (artifact.equals("slicedscore") ? "jar" : "pom"),
                                "process-classes"))
                .await();
        assertThat(maven.code()).as(maven.out()).isZero();
        assertThat(maven.out()).doesNotContain("[WARNING]");
        return new ForeignProject(folder, jdk);
    }

    /**
     * Options that let the library look for a device of any kind, so that native code is asked for also where no NVIDIA device
     * is; and others.
     *
     * @param modules those whose loading of native code newer JVMs shall not warn of
     */
    String[] anyDevice(String modules, String... others) {
        List<String> options = new ArrayList<>(List.of(others));
        options.add("-Dslicedscore.cuda.emulated=true");
        options.addAll(List.of(nativeAccess(modules)));
        return options.toArray(new String[0]);
    }

    Command.Outcome runOnClassPath(String... jvmOptions) throws IOException, InterruptedException {
        return startOnClassPath("class-path", jvmOptions).await();
    }

    /** Starts it; the name is that of the files for what it prints, and for its model. */
    Command startOnClassPath(String name, String... jvmOptions) throws IOException {
        return startOnClassPath(name, MAIN, jvmOptions);
    }

    private Command startOnClassPath(String name, String main, String... jvmOptions) throws IOException {
        List<String> arguments = arguments(jvmOptions);
        arguments.addAll(List.of("-cp", "target/classes" + File.pathSeparator + "target/lib/*", main));
        return start(name, arguments);
    }

    Command.Outcome runOnModulePath(String... jvmOptions) throws IOException, InterruptedException {
        return startOnModulePath("module-path", MAIN, jvmOptions).await();
    }

    private Command startOnModulePath(String name, String main, String... jvmOptions) throws IOException {
        List<String> arguments = arguments(jvmOptions);
        arguments.addAll(
                List.of("-p", "target/classes" + File.pathSeparator + "target/lib", "-m", "com.example/" + main));
        return start(name, arguments);
    }

    Command.Outcome runReadmeOnClassPath() throws IOException, InterruptedException {
        return startOnClassPath("readme-class-path", ReadmeExample.MAIN, nativeAccess("ALL-UNNAMED"))
                .await();
    }

    Command.Outcome runReadmeOnModulePath() throws IOException, InterruptedException {
        String[] options = nativeAccess("org.bytedeco.javacpp,io.github.slicedscore");
        return startOnModulePath("readme-module-path", ReadmeExample.MAIN, options)
                .await();
    }

    private String[] nativeAccess(String modules) {
        return jdk.feature() < 24 ? new String[0] : new String[] {"--enable-native-access=" + modules};
    }

    private static List<String> arguments(String... jvmOptions) {
        List<String> arguments = new ArrayList<>(QUIET);
        arguments.addAll(List.of(jvmOptions));
        return arguments;
    }

    private Command start(String name, List<String> arguments) throws IOException {
        arguments.addAll(List.of("data.csv", name + ".safetensors"));
        return Command.java(jdk, folder, name, arguments);
    }

    /** 300 rows about (5, -1). */
    private static String table() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("a,b\n");
        for (int row = 0; row < 300; row++) {
            text.append(5 + random.nextGaussian())
                    .append(',')
                    .append(-1 + 0.5 * random.nextGaussian())
                    .append('\n');
        }
        return text.toString();
    }

    /** What an earlier test has left, unpacked native code included. */
    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.write(to, Files.readAllBytes(from));
    }
}
