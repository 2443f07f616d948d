package io.github.slicedscore.internal.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.slicedscore.JavaProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Native libraries that can't be used, made by hand or by the C compiler, so that neither CMake nor CUDA is needed: each way to
 * ask for the device says why and what would mend it, auto takes the processor, and the JVM lives on.
 */
class DamagedNativesTest {
    private static final String LIBRARY = "libslicedscore.so";
    private static final String BINDING = "libjniCudaLibrary.so";
    private static final String FOLDER = "io/github/slicedscore/internal/cuda/linux-x86_64-cuda/";
    private static final String JAR = "slicedscore-0.0.7-linux-x86_64-cuda.jar";
    private static final byte[] WHOLE = ElfBytes.whole();

    private static final String DAMAGED = "the native library is damaged: ";
    private static final String ANEW = "fetch or build " + JAR + " anew";

    /** The only function of the binding that is called before it is known which others there are. */
    private static final String VERSION =
            "int Java_io_github_slicedscore_internal_cuda_CudaLibrary_ss_1abi_1version(void) { return %d; }\n";

    @TempDir
    private Path folder;

    private final List<Case> cases = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** Natives, a cache for them, and what is said of them: the reason and the mend. */
    private record Case(String name, Path natives, Path cache, String reason, String remedy) {}

    private void add(String name, Path natives, Path cache, String reason, String remedy) {
        cases.add(new Case(name, natives, cache, reason, remedy));
    }

    private void add(String name, byte[] library, byte[] binding, String reason, String remedy) throws IOException {
        add(name, jar(name, library, binding), cache(name), reason, remedy);
    }

    private Path cache(String name) {
        return folder.resolve(name).resolve("cache");
    }

    private Path jar(String name, byte[] library, byte[] binding) throws IOException {
        Path jar = Files.createDirectories(folder.resolve(name)).resolve(JAR);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> each :
                    Map.of(LIBRARY, library, BINDING, binding).entrySet()) {
                ZipEntry entry = new ZipEntry(FOLDER + each.getKey());
                // As they are, so that bytes of the file are bytes of the library.
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(each.getValue().length);
                entry.setCrc(crc(each.getValue()));
                zip.putNextEntry(entry);
                zip.write(each.getValue());
            }
        }
        return jar;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] first(int length) {
        return Arrays.copyOf(WHOLE, length);
    }

    /** The same bytes but for the one in the middle of the library. */
    private static byte[] flipped(byte[] jar) {
        int at = indexOf(jar, Arrays.copyOfRange(WHOLE, WHOLE.length / 2, WHOLE.length / 2 + 32));
        byte[] other = jar.clone();
        other[at] ^= 1;
        return other;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        int at = 0;
        while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    private static void change(Path file, UnaryOperator<byte[]> change) throws IOException {
        Files.write(file, change.apply(Files.readAllBytes(file)));
    }

    private void truncated() throws IOException {
        add("library-empty", new byte[0], WHOLE, DAMAGED + LIBRARY + " is empty", ANEW);
        for (int length : new int[] {40, 1024, WHOLE.length / 2, WHOLE.length - 1}) {
            String cutOff = " is cut off: it has " + length + " bytes of at least ";
            add("library-" + length, first(length), WHOLE, DAMAGED + LIBRARY + cutOff, ANEW);
            add("binding-" + length, WHOLE, first(length), DAMAGED + BINDING + cutOff, ANEW);
        }
        Path natives = Files.createDirectories(folder.resolve("folder").resolve(FOLDER));
        Files.write(natives.resolve(LIBRARY), first(WHOLE.length / 2));
        Files.write(natives.resolve(BINDING), WHOLE);
        add(
                "folder",
                folder.resolve("folder"),
                cache("folder"),
                DAMAGED + LIBRARY + " is cut off: ",
                "fetch or build " + natives + " anew");
    }

    private void jars() throws IOException {
        Path cut = jar("jar-cut-off", WHOLE, WHOLE);
        change(cut, bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        add("jar-cut-off", cut, cache("jar-cut-off"), DAMAGED + cut + " can't be read: ", "fetch or build " + cut);
        Path flipped = jar("jar-flipped", WHOLE, WHOLE);
        change(flipped, DamagedNativesTest::flipped);
        add("jar-flipped", flipped, cache("jar-flipped"), " does not have the check sum that the jar tells", ANEW);
        Path packed = Files.createDirectories(folder.resolve("jar-unpacks-not")).resolve(JAR);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String entry = FOLDER + LIBRARY;
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(WHOLE);
        }
        byte[] broken = bytes.toByteArray();
        // Behind the local header of 30 bytes and the name: a block of the type 3, which there is not.
        broken[30 + entry.length()] = 7;
        Files.write(packed, broken);
        add("jar-unpacks-not", packed, cache("jar-unpacks-not"), DAMAGED + LIBRARY + " does not unpack: ", ANEW);
    }

    private void others() throws IOException {
        add("aarch64", ElfBytes.library(183), WHOLE, DAMAGED + LIBRARY + " is for aarch64, not for x86_64", ANEW);
        add("no-elf", "<html>404</html>".getBytes(UTF_8), WHOLE, DAMAGED + LIBRARY + " is no ELF library", ANEW);
        add("program", ElfBytes.with(WHOLE, 16, 2), WHOLE, " is an ELF file, but no shared library", ANEW);
        // What a look at its head and tables does not tell, the system's loader does.
        add("nothing-in-it", WHOLE, WHOLE, "the native library does not load: ", "-Dorg.bytedeco.javacpp.cachedir");
    }

    private void caches() throws IOException {
        String reason = "the native library can't be unpacked: ";
        String remedy = "point -Dorg.bytedeco.javacpp.cachedir at a folder that can be written to";
        Path file = Files.createFile(folder.resolve("file"));
        add("cache-is-a-file", jar("cache-is-a-file", WHOLE, WHOLE), file, reason, remedy);
        Path inside = file.resolve("folder");
        add("cache-in-a-file", jar("cache-in-a-file", WHOLE, WHOLE), inside, reason, remedy);
        // Nobody may write there, root neither.
        Path proc = Path.of("/proc");
        if (Files.isDirectory(proc)) {
            add("cache-not-writable", jar("cache-not-writable", WHOLE, WHOLE), proc, reason, remedy);
        } else {
            skipped.add("cache-not-writable: there is no /proc");
        }
        // Made where there is none; what comes then is the library's fault.
        Path deep = folder.resolve("a").resolve("b").resolve("c");
        add("cache-not-there", jar("cache-not-there", WHOLE, WHOLE), deep, "does not load: ", "cachedir");
        // Of the right length and date, as a crash of the machine may leave it.
        Path jar = jar("cache-zeros", WHOLE, WHOLE);
        Path cached = cache("cache-zeros").resolve(JAR).resolve(FOLDER).resolve(LIBRARY);
        Files.createDirectories(cached.getParent());
        Files.write(cached, new byte[WHOLE.length]);
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar.toFile())) {
            Files.setLastModifiedTime(
                    cached,
                    java.nio.file.attribute.FileTime.fromMillis(
                            zip.getEntry(FOLDER + LIBRARY).getTime()));
        }
        add("cache-zeros", jar, cache("cache-zeros"), "does not load: ", "cachedir");
    }

    /** Bindings that load and are of another version. */
    private void versions() throws IOException {
        int needed = CudaLibrary.ABI_VERSION;
        String ours = NativeFiles.ourOrigin();
        String other = "the native library in " + JAR + " has interface %d, " + ours + " needs interface " + needed;
        compiled(
                "interface-older",
                String.format(VERSION, needed - 1),
                String.format(other, needed - 1),
                "update " + JAR + ", the older one, to the version of " + ours);
        compiled(
                "interface-newer",
                String.format(VERSION, needed + 1),
                String.format(other, needed + 1),
                "update " + ours + ", the older one, to the version of " + JAR);
        String notThat = "the native library in " + JAR + " is not that of " + ours + ": ";
        String same = "use both in one and the same version";
        compiled(
                "classes-not-found",
                "int JNI_OnLoad(void *vm, void *reserved) { return -1; }\n" + String.format(VERSION, needed),
                notThat,
                same);
        compiled("function-missing", String.format(VERSION, needed), "the native library does not load: ", "cachedir");
    }

    private void compiled(String name, String source, String reason, String remedy) throws IOException {
        byte[] binding = CCompiler.library(Files.createDirectories(folder.resolve(name)), source);
        if (binding.length == 0) {
            skipped.add(name + ": there is no C compiler for Linux on x86-64");
        } else {
            add(name, CCompiler.library(folder.resolve(name), ""), binding, reason, remedy);
        }
    }

    @TestFactory
    List<DynamicTest> eachIsAReasonWithARemedy() throws Exception {
        truncated();
        jars();
        others();
        caches();
        versions();
        List<Object> arguments = new ArrayList<>();
        for (Case each : cases) {
            arguments.addAll(List.of(each.name(), each.natives(), each.cache()));
        }
        String output = JavaProcess.output(process(arguments));
        assertThat(output).as("the JVM lives").endsWith("exit code 0");
        Map<String, String> answers = new TreeMap<>();
        for (String answer : output.split("(?m)^case ", -1)) {
            answers.put(answer.lines().findFirst().orElse(""), answer);
        }
        skipped.forEach(reason -> System.out.println("skipped: " + reason));
        System.out.println(cases.size() + " native libraries that can't be used, in one JVM, which lived");
        return cases.stream()
                .map(each -> dynamicTest(each.name(), () -> assertAnswered(answers.get(each.name()), each)))
                .toList();
    }

    private static void assertAnswered(String answer, Case wanted) {
        String refused = answer.lines()
                .filter(line -> line.startsWith("refused: "))
                .findFirst()
                .orElse(answer);
        assertThat(refused)
                .as(answer)
                .startsWith("refused: backend cuda can't be used here: ")
                .contains(wanted.reason())
                .contains(wanted.remedy());
        String said = refused.substring(refused.indexOf(": ", "refused: ".length()) + 2);
        assertThat(answer)
                .contains("Result[usable=false, hardware=true, reason=")
                .contains("Unavailable[reason=")
                .containsOnlyOnce("WARNING: backend cuda is not used: " + said)
                .containsOnlyOnce("INFO: backend cuda is not used: " + said);
        assertThat(answer.split("cpu computes -5[.]5", -1)).hasSize(3);
    }

    private ProcessBuilder process(List<Object> arguments) {
        ProcessBuilder builder =
                JavaProcess.of(ManyLoadings.class, arguments.toArray()).directory(folder.toFile());
        builder.command()
                .addAll(1, List.of("-D" + CudaLoader.EMULATION_PROPERTY + "=true", "-XX:-CreateCoredumpOnCrash"));
        return builder;
    }

    /** The disk is full in the library's middle; a limit on the length of files stands for it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void aCacheThatIsFullIsAReasonWithARemedy(int blocks) throws Exception {
        Path shell = Path.of("/bin/sh");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(shell), "there is no /bin/sh");
        Path natives = jar("full", WHOLE, WHOLE);
        ProcessBuilder builder = process(List.of("full", natives, cache("full")));
        // The JVM's own file of counters would be too long, too.
        builder.command().add(1, "-XX:-UsePerfData");
        builder.command().addAll(0, List.of(shell.toString(), "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"));
        String output = JavaProcess.output(builder);
        assertThat(output).endsWith("exit code 0");
        assertAnswered(
                output,
                new Case(
                        "full",
                        natives,
                        cache("full"),
                        "the native library can't be unpacked: ",
                        "make room there, or point -Dorg.bytedeco.javacpp.cachedir at"));
        assertThat(output).contains("File too large");
        try (var left = Files.walk(cache("full"))) {
            assertThat(left.filter(file -> file.toString().endsWith(".so"))).isEmpty();
        }
    }

    /** Without a whole jar, what is in it is not on the class path; with one, it is. */
    @Test
    void theClassPathIsLookedThroughForJarsAlone() throws IOException {
        Path jar = jar("whole", WHOLE, WHOLE);
        String before = System.getProperty("java.class.path");
        try {
            System.setProperty("java.class.path", jar.toString());
            assertThat(NativeFiles.damagedJar()).isNull();
            change(jar, bytes -> Arrays.copyOf(bytes, 0));
            CudaLoader.Failure failure = NativeFiles.damagedJar();
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).contains(jar.toString()).contains("can't be read");
        } finally {
            System.setProperty("java.class.path", before);
        }
    }
}
