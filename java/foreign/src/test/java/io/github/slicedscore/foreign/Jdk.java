package io.github.slicedscore.foreign;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JDK that builds and runs foreign projects.
 *
 * @param home its folder
 * @param feature its version, such as 17
 */
record Jdk(Path home, int feature) {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that runs the tests. */
    static Jdk running() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** One of a version, where it is: JAVA25_HOME for 25, or a folder of /usr/lib/jvm. Skips the test where it is not. */
    static Jdk find(int feature) throws IOException {
        if (running().feature == feature) {
            return running();
        }
        List<Path> homes = new ArrayList<>();
        String variable = "JAVA" + feature + "_HOME";
        if (System.getenv(variable) != null) {
            homes.add(Path.of(System.getenv(variable)));
        }
        if (Files.isDirectory(INSTALLED)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(INSTALLED, "*" + feature + "*")) {
                folders.forEach(homes::add);
            }
        }
        homes.removeIf(home -> !isJdk(home, feature));
        assumeThat(homes)
                .as("a JDK %d; set %s, or install one in %s", feature, variable, INSTALLED)
                .isNotEmpty();
        return new Jdk(homes.get(0), feature);
    }

    private static boolean isJdk(Path home, int feature) {
        try {
            return Files.isExecutable(home.resolve("bin/javac"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + feature);
        } catch (IOException e) {
            return false; // a folder without that file is none
        }
    }

    Path java() {
        return home.resolve("bin/java");
    }
}
