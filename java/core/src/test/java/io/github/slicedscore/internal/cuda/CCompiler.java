package io.github.slicedscore.internal.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Assertions;

/** The C compiler of the machine, if it has one. */
final class CCompiler {
    private CCompiler() {}

    private static boolean isThere() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                && System.getProperty("os.arch").equals("amd64")
                && Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc")));
    }

    /**
     * A shared library.
     *
     * @param folder where to compile it
     * @param source C
     * @param options of the compiler
     * @return nothing where there is no compiler
     */
    static byte[] library(Path folder, String source, String... options) throws IOException {
        if (!isThere()) {
            return new byte[0];
        }
        Path input = Files.writeString(folder.resolve("library.c"), source);
        Path output = folder.resolve("library.so");
        ProcessBuilder builder =
                new ProcessBuilder("cc", "-shared", "-fPIC", "-o", output.toString(), input.toString());
        builder.command().addAll(Arrays.asList(options));
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            assertThat(process.waitFor()).as(text).isZero();
        } catch (InterruptedException e) {
            Assertions.fail(e);
        }
        return Files.readAllBytes(output);
    }
}
