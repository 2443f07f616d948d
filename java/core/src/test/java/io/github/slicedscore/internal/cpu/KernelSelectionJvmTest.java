package io.github.slicedscore.internal.cpu;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The choice of kernels in JVMs of their own, with and without the module of the Vector API. */
class KernelSelectionJvmTest {
    private static final long SECONDS = 120;
    private static final String FLAG = "--add-modules=jdk.incubator.vector";
    private static final String WARNING_OF_THE_JVM = "WARNING: Using incubator modules: jdk.incubator.vector";

    @TempDir
    private Path folder;

    /** What a program said and how it ended. */
    private record Outcome(int code, String out, String err) {}

    @TestFactory
    Stream<DynamicTest> everyJavaClassOrModulePathFlagOrNone() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        javas().forEach((version, home) -> {
            for (boolean modular : new boolean[] {false, true}) {
                for (boolean flag : new boolean[] {false, true}) {
                    String name = "Java " + version + (modular ? ", module path" : ", class path")
                            + (flag ? ", flag" : ", no flag");
                    tests.add(dynamicTest(name, () -> {
                        Outcome outcome = run(home, modular, flag ? List.of(FLAG) : List.of());
                        assertThat(outcome.code()).as(outcome.toString()).isZero();
                        if (flag) {
                            assertVectors(outcome);
                        } else {
                            assertPlain(outcome);
                        }
                    }));
                }
            }
        });
        return tests.stream();
    }

    private static void assertVectors(Outcome outcome) {
        // The last line has the sizes of the vectors: 512 bits are 16 numbers.
        assertThat(outcome.out())
                .matches("(?s)simd-(128|256|512) Java kernels, 1 thread; the widest native vectors here\n.*"
                        + "cpu-\\S+ computes -5.5\ncpu-\\S+ computes -5.5\nSpecies\\[float, (4|8|16), .*");
        assertThat(outcome.err())
                .containsOnlyOnce(WARNING_OF_THE_JVM)
                .containsOnlyOnce("WARNING")
                .containsOnlyOnce("INFO: ")
                .containsPattern("INFO: backend cpu takes the kernel set simd-\\d+: the widest native vectors here");
    }

    private static void assertPlain(Outcome outcome) {
        String reason = "the module jdk.incubator.vector, which makes training several times as fast, is not loaded;"
                + " java --add-modules jdk.incubator.vector loads it";
        assertThat(outcome.out())
                .isEqualTo("plain Java kernels, 1 thread; " + reason
                        + "\ncpu-plain computes -5.5\ncpu-plain computes -5.5\n");
        assertThat(outcome.err())
                .doesNotContain("WARNING")
                .containsOnlyOnce("INFO: ")
                .contains("INFO: backend cpu takes the kernel set plain: " + reason);
    }

    @Test
    void aCompilerThatIsSwitchedOffLeavesPlainJava() throws Exception {
        for (String option : List.of("-Xint", "-XX:TieredStopAtLevel=1")) {
            assertThat(run(running(), false, List.of(FLAG, option)).out())
                    .startsWith("plain Java kernels, 1 thread; this JVM was told");
        }
    }

    /** The kernels multiply and add in one; where the processor can't, Java does it in decimal arithmetic. */
    @TestFactory
    Stream<DynamicTest> withoutFusedMultiplyAddThereIsPlainJava() throws IOException {
        return javas().entrySet().stream().flatMap(java -> Stream.of(false, true)
                .map(modular ->
                        dynamicTest("Java " + java.getKey() + (modular ? ", module path" : ", class path"), () -> {
                            Outcome outcome = run(java.getValue(), modular, List.of(FLAG, "-XX:-UseFMA"));
                            assertThat(outcome.out())
                                    .startsWith("plain Java kernels, 1 thread; this JVM uses no fused")
                                    .contains("UseFMA is off", "-Dslicedscore.kernels=simd takes the kernels");
                            assertThat(outcome.err()).contains("takes the kernel set plain: this JVM uses no fused");
                        })));
    }

    @Test
    void vectorInstructionsThatAreSwitchedOffLeavePlainJava() throws Exception {
        List<String> options = List.of(FLAG, "-XX:+UnlockExperimentalVMOptions", "-XX:-EnableVectorSupport");

        assertThat(run(running(), false, options).out())
                .startsWith("plain Java kernels, 1 thread; this JVM was told (EnableVectorSupport is off)");
    }

    @Test
    void byNameTheVectorApiIsTakenAllTheSameAndTheDoubtTold() throws Exception {
        Outcome outcome = run(running(), false, List.of(FLAG, "-XX:-UseFMA", "-Dslicedscore.kernels=simd-128"));

        assertThat(outcome.out()).contains("cpu-simd-128 computes -5.5");
        assertThat(outcome.err()).contains("asks for them, although this JVM uses no fused multiply-add");
    }

    /** Nobody can be asked there for the options, and the kernels must work nevertheless. */
    @Test
    void aJavaWithoutManagementRaisesNoDoubt() throws Exception {
        List<String> options =
                List.of(FLAG, "--limit-modules=java.base,java.logging,jdk.unsupported,jdk.incubator.vector");

        Outcome outcome = run(running(), false, options);

        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains("the widest native vectors here", "cpu-simd-");
    }

    @Test
    void aNameThatIsNoneIsRefusedWithTheNames() throws Exception {
        for (String backend : List.of("cpu", "auto")) {
            Outcome outcome = run(running(), false, List.of("-Dslicedscore.kernels=fast"), backend);

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out()).isEqualTo("unavailable\n");
            assertThat(outcome.err())
                    .contains(
                            "BackendUnavailableException: backend cpu can't be used here: -Dslicedscore.kernels=fast names no"
                                    + " set of kernels; choose one of auto, plain, simd,");
        }
    }

    /** Wherever vectors of 512 bits are native, this option makes the JVM use half of them. */
    @Test
    void widthsThatAreNotNativeAreRefused() throws Exception {
        Outcome outcome =
                run(running(), false, List.of(FLAG, "-XX:MaxVectorSize=16", "-Dslicedscore.kernels=simd-512"));

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("-Dslicedscore.kernels=simd-512", "512 bits", "choose auto, or simd-128");
    }

    private static Path running() {
        return Path.of(System.getProperty("java.home"));
    }

    private Outcome run(Path home, boolean modular, List<String> options) throws Exception {
        return run(home, modular, options, "cpu");
    }

    private Outcome run(Path home, boolean modular, List<String> options, String backend) throws Exception {
        List<String> line =
                new ArrayList<>(List.of(home.resolve("bin").resolve("java").toString(), "-Xmx256m"));
        line.addAll(options);
        String library = Stream.of(path(KernelSelection.class), path(Loader.class), path(CsvReader.class))
                .map(Path::toString)
                .collect(joining(File.pathSeparator));
        String program = SelectionProbe.class.getName();
        if (modular) {
            String module = "io.github.slicedscore";
            line.addAll(List.of("--module-path", library, "--patch-module", module + "=" + testClasses()));
            line.addAll(List.of("--module", module + "/" + program));
        } else {
            line.addAll(List.of("-classpath", library + File.pathSeparator + testClasses(), program));
        }
        line.add(backend);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out).replace("\r", ""),
                Files.readString(err).replace("\r", ""));
    }

    private static Path path(Class<?> of) throws URISyntaxException {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Where this class lies; its code source is the module that it is patched into. */
    private static Path testClasses() throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(SelectionProbe.class.getResource("SelectionProbe.class"))
                .toURI());
        int packages = SelectionProbe.class.getPackageName().split("\\.").length;
        for (int i = 0; i <= packages; i++) {
            file = file.getParent();
        }
        return file;
    }

    /** By version, the Java that runs this and one of every other version among its neighbours, 17 or newer. */
    private static Map<Integer, Path> javas() throws IOException {
        Map<Integer, Path> found = new TreeMap<>();
        found.put(Runtime.version().feature(), running());
        try (Stream<Path> neighbours = Files.list(running().toRealPath().getParent())) {
            for (Path home : neighbours.sorted().toList()) {
                Path release = home.resolve("release");
                if (Files.isExecutable(home.resolve("bin").resolve("java")) && Files.isReadable(release)) {
                    int version = version(release);
                    if (version >= 17) {
                        found.putIfAbsent(version, home);
                    }
                }
            }
        }
        return found;
    }

    private static int version(Path release) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.matches("\\d+(\\.\\d+)*")
                ? Runtime.Version.parse(version).feature()
                : 0;
    }
}
