package io.github.slicedscore.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Reads the head of a binary file, and counts how long it is. */
final class HeaderBytes {
    private final Path path;
    private final String what;
    private final InputStream content;
    private long count;

    /**
     * A reader.
     *
     * @param what the file's format, for messages
     */
    HeaderBytes(Path path, String what, InputStream content) {
        this.path = path;
        this.what = what;
        this.content = content;
    }

    Path path() {
        return path;
    }

    /** Bytes read so far. */
    long count() {
        return count;
    }

    /** The next bytes. Memory is taken as they come. */
    ByteBuffer next(int bytes, ByteOrder order) throws IOException {
        byte[] read = content.readNBytes(bytes);
        count += read.length;
        if (read.length < bytes) {
            throw fault("it ends in the middle of its head", "copy it again");
        }
        return ByteBuffer.wrap(read).order(order);
    }

    /** Something is wrong. */
    MalformedDataException fault(String reason, String mend) {
        return new MalformedDataException(path + " is no " + what + " file that can be used: " + reason + "; " + mend);
    }
}
