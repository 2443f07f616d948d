package io.github.slicedscore.fuzz;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Files that are far larger than what they take on the disk. */
public final class HugeFile {
    private HugeFile() {}

    /** A file that begins with some bytes; the rest is a hole, which is read as zeros. */
    public static Path sparse(Path path, byte[] start, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(start);
            file.setLength(size);
        }
        return path;
    }

    /** A file that gzip packed: a start, and then a block again and again, each a member. */
    public static Path packed(Path path, byte[] start, byte[] block, int times) throws IOException {
        byte[] member = gzip(block);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
            out.write(gzip(start));
            for (int i = 0; i < times; i++) {
                out.write(member);
            }
        }
        return path;
    }

    /** What gzip makes of some bytes. */
    public static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
