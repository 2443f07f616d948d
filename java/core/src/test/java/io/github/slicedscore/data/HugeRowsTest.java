package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * 3 billion numbers in a file are trained on in a heap of 512 MB, and rows beyond 2^31 numbers and bytes are drawn as they lie
 * there. Skipped where a file system has no holes.
 */
class HugeRowsTest {
    @TempDir
    private Path directory;

    private String run(String how) throws IOException, InterruptedException {
        Path file = directory.resolve("huge.rows");
        long before = Files.getFileStore(directory).getUsableSpace();
        try {
            HugeRows.write(file);
        } catch (IOException e) {
            assumeTrue(false, "no file of 12 GB can be made in " + directory + ": " + e.getMessage());
        }
        long taken = before - Files.getFileStore(directory).getUsableSpace();
        assumeTrue(taken < 6_000_000_000L, directory + " is on a file system whose files have no holes");
        ProcessBuilder program = JavaProcess.of(HugeRows.class, file, how);
        program.command().replaceAll(word -> word.startsWith("-Xmx") ? "-Xmx512m" : word);
        if (how.equals("trainer")) {
            program.command().remove("-XX:TieredStopAtLevel=1"); // it is no short program
        }
        return JavaProcess.output(program);
    }

    private static void requireAll(String output) {
        System.out.println(output);
        int drawn = HugeRows.STEPS * HugeRows.BATCH;
        assertThat(output)
                .containsPattern(drawn + " drawn, seen all, the last one 14[0-9]{8}\\R")
                .endsWith("exit code 0");
    }

    @Test
    void rowsNearTheEndAreDrawn() throws IOException, InterruptedException {
        requireAll(run("steps"));
    }

    /** Checked, hashed and standardised: some passes over 12 GB. */
    @Test
    @EnabledIfSystemProperty(
            named = "slicedscore.hostile.full",
            matches = "true",
            disabledReason = "reads 12 GB several times; -Pfull does it")
    void isReadAndTrainedOnFromItsFile() throws IOException, InterruptedException {
        requireAll(run("trainer"));
    }
}
