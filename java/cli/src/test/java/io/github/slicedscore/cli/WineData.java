package io.github.slicedscore.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The two tables of Wine Quality (Cortez et al. 2009, UCI), where they are: in the directory uci of SLICEDSCORE_DATA or of the
 * property slicedscore.data.dir.
 */
final class WineData {
    private WineData() {}

    /** The red or the white wines; what asks for them is skipped where they are absent. */
    static Path of(String colour) {
        Path file = file(colour);
        assumeTrue(
                Files.exists(file),
                "there is no " + file + "; get it from the UCI Machine Learning Repository (Wine Quality), and set"
                        + " SLICEDSCORE_DATA to the directory that holds uci/");
        return file;
    }

    /** Whether both are there. */
    static boolean isThere() {
        return Files.exists(file("red")) && Files.exists(file("white"));
    }

    private static Path file(String colour) {
        String fromEnvironment = System.getenv("SLICEDSCORE_DATA");
        String directory =
                fromEnvironment != null ? fromEnvironment : System.getProperty("slicedscore.data.dir", "data");
        return Path.of(directory, "uci", "winequality-" + colour + ".csv").normalize();
    }
}
