package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a write makes of temporary files that it finds. */
class AtomicFileTest {
    private static final Duration OLD = Duration.ofHours(25);
    private static final Duration YOUNG = Duration.ofHours(23);

    /** More than processes' numbers can be. */
    private static final String NOBODY = "7fffffff";

    @TempDir
    Path folder;

    private Path file(String name, Duration age) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "half");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void deletesWhatKilledWritesOfThisVeryFileLeft() throws IOException {
        file(".out.csv." + NOBODY + "-2a.tmp", OLD);
        file(".out.csv.%x-2a.tmp".formatted(ProcessHandle.current().pid()), OLD);
        Path parents = file(
                ".out.csv.%x-2a.tmp"
                        .formatted(
                                ProcessHandle.current().parent().orElseThrow().pid()),
                OLD);
        Path young = file(".out.csv." + NOBODY + "-2b.tmp", YOUNG);
        Path others = file(".an-out.csv." + NOBODY + "-2a.tmp", OLD);
        Path longer = file(".out.csv.gz." + NOBODY + "-2a.tmp", OLD);
        Path noNumber = file(".out.csv.tmp", OLD);
        Path visible = file("out.csv." + NOBODY + "-2a.tmp", OLD);
        Path out = folder.resolve("out.csv");

        AtomicFile.write(out, new byte[] {1});

        assertThat(files()).containsExactlyInAnyOrder(out, parents, young, others, longer, noNumber, visible);
        assertThat(out).hasBinaryContent(new byte[] {1});
    }

    @Test
    void aDirectoryOfThatNameStays() throws IOException {
        Path directory = Files.createDirectory(folder.resolve(".out.csv." + NOBODY + "-2a.tmp"));
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(OLD)));
        Path out = folder.resolve("out.csv");

        AtomicFile.write(out, new byte[] {1});

        assertThat(files()).containsExactlyInAnyOrder(out, directory);
    }
}
