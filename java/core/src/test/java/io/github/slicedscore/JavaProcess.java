package io.github.slicedscore;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/** Programs of the tests in a JVM of their own, one that starts soon. */
public final class JavaProcess {
    private JavaProcess() {}

    /** A program and its arguments; what it is to do with its streams is the caller's. */
    public static ProcessBuilder of(Class<?> program, Object... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Stream.of(jar(ScoreModel.class), jar(Loader.class), jar(CsvReader.class), folder(program))
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)),
                program.getName()));
        Stream.of(arguments).map(Object::toString).forEach(line::add);
        return new ProcessBuilder(line);
    }

    /** What a program prints until it ends, with nothing to read, and its exit code. */
    public static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return text + "exit code " + process.waitFor();
    }

    private static Path jar(Class<?> of) {
        try {
            return Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Where the classes of the tests lie; their code source is the module that they are patched into. */
    private static Path folder(Class<?> program) {
        try {
            Path file = Path.of(Objects.requireNonNull(program.getResource(program.getSimpleName() + ".class"))
                    .toURI());
            return Path.of(file.toString()
                    .substring(0, file.toString().length() - program.getName().length() - ".class".length()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
