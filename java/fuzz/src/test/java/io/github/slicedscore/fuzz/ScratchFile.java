package io.github.slicedscore.fuzz;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file whose content is replaced for every input: readers take files, and a new one each would cost more than they do. */
final class ScratchFile {
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path path;
    private final RandomAccessFile file;

    ScratchFile() throws IOException {
        Path folder = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        path = Files.createTempFile(folder, "hostile", "");
        path.toFile().deleteOnExit();
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    Path with(byte[] content) throws IOException {
        file.seek(0);
        file.write(content);
        file.setLength(content.length);
        return path;
    }
}
