package io.github.slicedscore.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is open to be read from its first byte to its last, unpacked on the way if it is gzip. */
final class SourceFile implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final long size;
    private final CountingStream bytes;
    private final InputStream content;
    private final boolean packed;

    private SourceFile(Path path, long size, CountingStream bytes, InputStream content, boolean packed) {
        this.path = path;
        this.size = size;
        this.bytes = bytes;
        this.content = content;
        this.packed = packed;
    }

    /**
     * Opens a file.
     *
     * @throws MalformedDataException if there is none, or it is a directory, a pipe or a device
     */
    static SourceFile open(Path path, double maxRatio) throws IOException {
        if (!Files.exists(path)) {
            throw new MalformedDataException("there is no file " + path + " (in full "
                    + path.toAbsolutePath().normalize() + ")");
        }
        if (Files.isDirectory(path)) {
            throw new MalformedDataException(path + " is a directory; name a file in it");
        }
        if (!Files.isRegularFile(path)) {
            throw new MalformedDataException(path
                    + " is a pipe or a device, which can't be read from its beginning twice; write it to a file first");
        }
        long size = Files.size(path);
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), (int) Math.min(BUFFER, size + 1));
        try {
            raw.mark(2);
            boolean packed = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            CountingStream bytes = new CountingStream(raw);
            InputStream content = packed ? GzipStream.of(path, bytes, size, maxRatio) : bytes;
            return new SourceFile(path, size, bytes, content, packed);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** What the file holds, unpacked. */
    InputStream content() {
        return content;
    }

    /** Whether it is gzip. */
    boolean isPacked() {
        return packed;
    }

    /** Bytes of the file on the disk. */
    long size() {
        return size;
    }

    /** How many of those were read so far. */
    long position() {
        return bytes.count();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
