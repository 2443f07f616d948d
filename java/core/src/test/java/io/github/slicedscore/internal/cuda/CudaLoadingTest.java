package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.JavaProcess;
import io.github.slicedscore.backend.Precision;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The native library out of a jar, in JVMs of their own. */
@ExtendWith(NothingIsLeft.class)
class CudaLoadingTest {
    private static final long SECONDS = 120;

    @TempDir
    private Path folder;

    private String classPath;
    private String works;
    private Path nowhere;
    private Path natives;

    @BeforeEach
    void pack() throws Exception {
        assumeTrue(NativeFiles.areOnClassPath(), "native library not built: mvn -Pemulated verify");
        CudaProbe.Result here = CudaProbe.probe(0, Precision.FP32, List.of(Path.of("/")));
        works = here.usable() ? "cuda computes -5.5" : here.reason();
        URL library = Objects.requireNonNull(CudaLoader.class
                .getClassLoader()
                .getResource("io/github/slicedscore/internal/cuda/linux-x86_64-cuda/libjniCudaLibrary.so"));
        natives = Path.of(library.toURI()).getParent();
        Path jar = folder.resolve("natives.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> libraries = Files.list(natives)) {
            for (Path each :
                    libraries.filter(path -> path.toString().endsWith(".so")).toList()) {
                zip.putNextEntry(
                        new ZipEntry("io/github/slicedscore/internal/cuda/linux-x86_64-cuda/" + each.getFileName()));
                Files.copy(each, zip);
            }
        }
        classPath = Stream.of(path(CudaLoader.class), testClasses(), path(Loader.class), jar)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        // Root may write everywhere, but nobody has a folder inside a file.
        nowhere = Files.createFile(folder.resolve("file")).resolve("folder");
    }

    private static Path path(Class<?> of) throws URISyntaxException {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Where this class lies; its code source is the module that it is patched into. */
    private static Path testClasses() throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(LoadingProbe.class.getResource("LoadingProbe.class"))
                .toURI());
        int packages = LoadingProbe.class.getPackageName().split("\\.").length;
        for (int i = 0; i <= packages; i++) {
            file = file.getParent();
        }
        return file;
    }

    private Process start(Path out, String... properties) throws IOException {
        return start(builder -> {}, out, properties);
    }

    private Process start(Consumer<ProcessBuilder> settings, Path out, String... properties) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dslicedscore.cuda.emulated=" + CudaLoader.emulationAllowed()));
        line.addAll(List.of(properties));
        line.addAll(List.of("-cp", classPath, LoadingProbe.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile());
        settings.accept(builder);
        return builder.start();
    }

    private static String end(Process process, Path out) throws Exception {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(out);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private static String cache(Path folder) {
        return "-Dorg.bytedeco.javacpp.cachedir=" + folder;
    }

    @Test
    void severalJvmsAtOnceUnpackIt() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start(folder.resolve("out" + i), cache(folder.resolve("cache"))));
        }
        for (int i = 0; i < processes.size(); i++) {
            assertThat(end(processes.get(i), folder.resolve("out" + i))).contains(works);
        }
    }

    @Test
    void aHomeThatCanNotBeWrittenToIsDoneWithout() throws Exception {
        Path out = folder.resolve("out");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        assertThat(end(start(out, "-Duser.home=" + nowhere, "-Djava.io.tmpdir=" + temporary), out))
                .contains(works);
    }

    @Test
    void nowhereToUnpackIsAReasonWithARemedy() throws Exception {
        Path out = folder.resolve("out");
        String text = end(start(out, "-Duser.home=" + nowhere, "-Djava.io.tmpdir=" + nowhere), out);
        assertThat(text)
                .contains("usable=false")
                .contains("the native library can't be unpacked")
                .contains("-Dorg.bytedeco.javacpp.cachedir");
    }

    /** Each of the two cut off, and with a library that has another's functions; made by hand they are in DamagedNativesTest. */
    @Test
    void whatIsDamagedIsAReasonAndTheJvmLives() throws Exception {
        List<Object> arguments = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String name : List.of("libslicedscore.so", "libjniCudaLibrary.so")) {
            byte[] whole = Files.readAllBytes(natives.resolve(name));
            for (int length : new int[] {0, 1024, whole.length / 2, whole.length - 1}) {
                arguments.addAll(damaged(name + "-" + length, name, Arrays.copyOf(whole, length)));
                reasons.add("the native library is damaged: " + name + (length == 0 ? " is empty" : " is cut off"));
            }
        }
        String source = "int ss_abi_version(void) { return " + CudaLibrary.ABI_VERSION + "; }";
        byte[] other = CCompiler.library(folder, source, "-Wl,-soname,libslicedscore.so");
        if (other.length != 0) {
            arguments.addAll(damaged("other", "libslicedscore.so", other));
            reasons.add(" is not that of ");
        }
        ProcessBuilder builder =
                JavaProcess.of(ManyLoadings.class, arguments.toArray()).directory(folder.toFile());
        builder.command()
                .addAll(1, List.of("-D" + CudaLoader.EMULATION_PROPERTY + "=true", "-XX:-CreateCoredumpOnCrash"));
        String output = JavaProcess.output(builder);
        assertThat(output).endsWith("exit code 0");
        String[] answers = output.split("(?m)^case ", -1);
        assertThat(answers).hasSize(1 + reasons.size());
        for (int i = 0; i < reasons.size(); i++) {
            assertThat(answers[i + 1]).contains(reasons.get(i)).contains("cpu computes -5.5");
        }
        System.out.println(reasons.size() + " damaged copies of the native library, in one JVM, which lived");
    }

    private List<Object> damaged(String name, String library, byte[] bytes) throws IOException {
        Path copies = Files.createDirectories(
                folder.resolve(name).resolve("io/github/slicedscore/internal/cuda/linux-x86_64-cuda"));
        for (String each : List.of("libslicedscore.so", "libjniCudaLibrary.so")) {
            Files.copy(natives.resolve(each), copies.resolve(each));
        }
        Files.write(copies.resolve(library), bytes);
        return List.of(name, folder.resolve(name), folder.resolve("cache"));
    }

    /** What a JVM has not given back when it ends makes its exit code 1. */
    @Test
    void whatIsNotGivenBackIsSeenAtTheEnd() throws Exception {
        EmulationControl.require();
        Path out = folder.resolve("out");
        Consumer<ProcessBuilder> checked = builder -> builder.environment().put("SS_EMULATION_LEAKS", "check");
        Process leaking = start(checked, out, cache(folder.resolve("cache")), "-D" + LoadingProbe.LEAK + "=true");
        assertThat(leaking.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(out)).contains("emulation: leaked 1 device allocations, 1 streams");
        assertThat(leaking.exitValue()).isEqualTo(1);
        String text = end(start(checked, out, cache(folder.resolve("cache"))), out);
        assertThat(text).contains("emulation: made and freed ").doesNotContain("leaked");
    }

    /** The emulated device can pretend that there is none. */
    @Test
    void whatShouldWorkAndDoesNotIsWarnedOfOnce() throws Exception {
        EmulationControl.require();
        Path out = folder.resolve("out");
        Process process = start(
                builder -> {
                    builder.environment().put("SS_EMULATION_COUNT_ERROR", "35");
                    builder.environment().put("SS_EMULATION_DRIVER", "0");
                },
                out,
                cache(folder.resolve("cache")));
        String text = end(process, out);
        String message = "backend cuda is not used: no NVIDIA driver is loaded; install the NVIDIA driver";
        assertThat(text).containsOnlyOnce("WARNING: " + message).containsOnlyOnce("INFO: " + message);
        assertThat(text.split("cpu computes -5.5", -1)).hasSize(3);
    }
}
