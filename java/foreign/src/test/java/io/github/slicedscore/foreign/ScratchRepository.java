package io.github.slicedscore.foreign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A local Maven repository of the tests' own, with the jars and poms of this build in it. */
final class ScratchRepository {
    static final Path FOLDER = Path.of("target", "foreign", "repository").toAbsolutePath();
    static final String VERSION = System.getProperty("slicedscore.version");

    /** Whether this build made the native jar: under the profile cuda. */
    static final String NATIVE_JAR_PROPERTY = "slicedscore.native.jar";

    private ScratchRepository() {}

    static void fill() {
        install("slicedscore-parent", ".pom", Path.of("../../pom.xml"));
        install("slicedscore", ".pom", Path.of("../core/pom.xml"));
        install("slicedscore", ".jar", built("slicedscore-" + VERSION + ".jar"));
        if (Boolean.getBoolean(NATIVE_JAR_PROPERTY)) {
            String ending = "-linux-x86_64-cuda.jar";
            install("slicedscore", ending, built("slicedscore-" + VERSION + ending));
            install("slicedscore-platform", ".pom", Path.of("../platform/pom.xml"));
        }
    }

    private static Path built(String jar) {
        return Path.of("../core/target", jar);
    }

    private static void install(String artifact, String ending, Path file) {
        Path folder = FOLDER.resolve(Path.of("io/github/slicedscore", artifact, VERSION));
        try {
            Files.createDirectories(folder);
            Files.copy(file, folder.resolve(artifact + "-" + VERSION + ending), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
