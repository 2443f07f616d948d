package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.backend.Precision;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    @BeforeEach
    void pack() throws Exception {
        assumeTrue(CudaLoader.isOnClassPath(), "native library not built: mvn -Pemulated verify");
        CudaProbe.Result here = CudaProbe.probe(0, Precision.FP32, List.of(Path.of("/")));
        works = here.usable() ? "cuda computes -5.5" : here.reason();
        URL library = Objects.requireNonNull(CudaLoader.class
                .getClassLoader()
                .getResource("io/github/slicedscore/internal/cuda/linux-x86_64-cuda/libjniCudaLibrary.so"));
        Path natives = Path.of(library.toURI()).getParent();
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
                .contains("the native library does not load")
                .contains("-Dorg.bytedeco.javacpp.cachedir");
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
