package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell script that starts the command line, against a made-up Java that prints the arguments it is given. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("bin", "slicedscore").toAbsolutePath();

    @TempDir
    Path folder;

    private Path cli;
    private Path launcher;
    private Path javaHome;

    @BeforeEach
    void installWithBlanksInThePath() throws IOException {
        cli = folder.resolve("a checkout/java/cli").toAbsolutePath();
        launcher = cli.resolve("bin/slicedscore");
        Files.createDirectories(cli.resolve("bin"));
        Files.createDirectories(cli.resolve("target/lib"));
        Files.createFile(cli.resolve("target/slicedscore-cli.jar"));
        Files.copy(LAUNCHER, launcher);
        executable(launcher);
        javaHome = java("a jdk", "17.0.1");
    }

    @Test
    void startsTheJarWithTheUsersArgumentsAsTheyAre() throws Exception {
        Outcome outcome = start(launcher, Map.of(), "score", "a file.csv", "*", "");

        assertThat(outcome.err).isEmpty();
        assertThat(outcome.code).isEqualTo(7);
        assertThat(outcome.out.lines())
                .containsExactly(
                        "-Xlog:disable",
                        "-Xlog:all=warning:stderr",
                        "-Xlog:cds*=off:stderr",
                        "-Djava.awt.headless=true",
                        "-Dslicedscore.terminal.out=false",
                        "-Dslicedscore.terminal.err=false",
                        "-Dslicedscore.terminal.columns=80",
                        "-jar",
                        cli.toRealPath().resolve("target/slicedscore-cli.jar").toString(),
                        "score",
                        "a file.csv",
                        "*",
                        "");
    }

    @Test
    void isFoundThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("a checkout/java/cli/bin/slicedscore"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), first.toAbsolutePath());

        assertThat(start(second, Map.of()).out).contains("/a checkout/java/cli/target/slicedscore-cli.jar");
    }

    @Test
    void passesTheUsersJvmOptions() throws Exception {
        Outcome outcome = start(launcher, Map.of("SLICEDSCORE_JAVA_OPTS", "-Xmx2g -Dx=*"));

        assertThat(outcome.out.lines()).contains("-Xmx2g", "-Dx=*");
    }

    /** Where it is not there, the JVM would not start with the option that adds it. */
    @ParameterizedTest
    @CsvSource({
        "java.base jdk.incubator.vector jdk.zipfs, true",
        "jdk.incubator.vector, true",
        "java.base jdk.incubator.vectors, false",
        "java.base jdk.zipfs, false"
    })
    void addsTheModuleOfTheVectorApiWhereItIsThere(String modules, boolean added) throws Exception {
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.1\"\nMODULES=\"" + modules + "\"\n");
        String option = "--add-modules=jdk.incubator.vector";

        assertThat(start(launcher, Map.of(), "train").out.lines().anyMatch(option::equals))
                .isEqualTo(added);
        assertThat(start(launcher, Map.of("SLICEDSCORE_VECTOR", "0"), "train")
                        .out
                        .lines())
                .contains("-Dslicedscore.vector=0")
                .doesNotContain(option);
    }

    /** They do not compute, so they do without the module, the best compiler, and whatever the JVM would like to say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "info m",
                "help train",
                "train --help",
                "completion bash",
                "--version",
                "--debug info m"
            })
    void whatDoesNotComputeIsThereAtOnce(String line) throws Exception {
        Files.writeString(
                javaHome.resolve("release"), "JAVA_VERSION=\"17.0.1\"\nMODULES=\"java.base jdk.incubator.vector\"\n");

        assertThat(start(launcher, Map.of(), line.split(" ")).out.lines())
                .contains("-Xlog:disable", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .doesNotContain("--add-modules=jdk.incubator.vector", "-Xlog:all=warning:stderr");
        assertThat(start(launcher, Map.of(), "doctor").out.lines())
                .contains("--add-modules=jdk.incubator.vector", "-Xlog:all=warning:stderr")
                .doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void startsFromTheClassesThatTheBuildArchivedForThisJava() throws Exception {
        Path archive = cli.resolve("target/slicedscore-cli-17.0.1.jsa");
        assertThat(start(launcher, Map.of()).out).doesNotContain("SharedArchiveFile");

        Files.createFile(archive);
        assertThat(start(launcher, Map.of()).out.lines())
                .contains("-Xshare:auto", "-XX:SharedArchiveFile=" + archive.toRealPath());

        assertThat(start(launcher, Map.of("JAVA_HOME", java("newer", "17.0.2").toString())).out)
                .doesNotContain("SharedArchiveFile");
    }

    /** The program itself, if it is built: a damaged archive, or one of another Java, goes unnoticed. */
    @Test
    void anArchiveThatDoesNotFitIsPassedOverInSilence() throws Exception {
        Path built = LAUNCHER.resolveSibling("../target").normalize();
        assumeTrue(
                Files.exists(built.resolve("slicedscore-cli.jar")) && Files.isDirectory(built.resolve("lib")),
                "the program is not built yet, mvn package does it");
        Files.delete(cli.resolve("target/slicedscore-cli.jar"));
        Files.copy(built.resolve("slicedscore-cli.jar"), cli.resolve("target/slicedscore-cli.jar"));
        try (Stream<Path> jars = Files.list(built.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, cli.resolve("target/lib").resolve(jar.getFileName()));
            }
        }
        Path home = Path.of(System.getProperty("java.home"));
        Files.writeString(
                cli.resolve("target/slicedscore-cli-" + System.getProperty("java.version") + ".jsa"), "not an archive");

        for (String command : List.of("--version", "doctor")) {
            Outcome outcome = start(launcher, Map.of("JAVA_HOME", home.toString(), "SLICEDSCORE_VECTOR", "0"), command);
            assertThat(outcome.err).isEmpty();
            assertThat(outcome.code).isZero();
            assertThat(outcome.out).startsWith("slicedscore");
        }
    }

    @Test
    void saysWhatToBuild() throws Exception {
        Files.delete(cli.resolve("target/slicedscore-cli.jar"));

        Outcome outcome = start(launcher, Map.of());

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.out).isEmpty();
        assertThat(outcome.err)
                .contains("not built yet")
                .contains("(cd '" + folder.toRealPath().resolve("a checkout") + "' && mvn -q -DskipTests package)");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        Outcome outcome =
                start(launcher, Map.of("JAVA_HOME", java("old", "11.0.2").toString()));

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.err).contains("is Java 11.0.2, but Java 17 or newer is needed");
    }

    @Test
    void asksAJavaWithoutReleaseFileForItsVersion() throws Exception {
        Path home = java("odd", "1");
        Files.delete(home.resolve("release"));
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n");

        assertThat(start(launcher, Map.of("JAVA_HOME", home.toString())).err)
                .contains("is Java 1.8.0_402, but Java 17");
    }

    @Test
    void namesAJavaHomeWithoutJava() throws Exception {
        Outcome outcome = start(launcher, Map.of("JAVA_HOME", folder.toString()));

        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.err).contains("JAVA_HOME is " + folder + ", but there is no bin/java in it");
    }

    /** A Java that prints its arguments, one a line, and exits with 7. */
    private Path java(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name)).toAbsolutePath();
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n");
        executable(home.resolve("bin/java"));
        return home;
    }

    private static void executable(Path file) {
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Outcome start(Path command, Map<String, String> environment, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().remove("SLICEDSCORE_JAVA_OPTS");
        builder.environment().remove("SLICEDSCORE_VECTOR");
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(folder.resolve("out"), UTF_8),
                Files.readString(folder.resolve("err"), UTF_8));
    }

    private record Outcome(int code, String out, String err) {}
}
