package io.github.slicedscore.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What a gzip file of one or several members unpacks to (RFC 1952). Refuses files that are damaged, that are followed by
 * something else, and that unpack to more than they should.
 */
final class GzipStream extends GZIPInputStream {
    private static final int BUFFER = 1 << 16;

    /** Bytes that any file may unpack to: checksums and headers spoil the ratio of small ones. */
    private static final long ALWAYS = 1 << 20;

    private static final int TRAILER = 8;

    private static final int MOST_EMPTY = 200;

    private final Path path;
    private final CountingStream packed;
    private final long size;
    private final long most;
    private final double maxRatio;
    private long unpacked;
    private int depth;
    private long filled;

    private GzipStream(Path path, CountingStream packed, long size, double maxRatio) throws IOException {
        super(packed, BUFFER);
        this.path = path;
        this.packed = packed;
        this.size = size;
        this.maxRatio = maxRatio;
        this.most = Math.max(ALWAYS, (long) (size * maxRatio));
    }

    /**
     * Opens a file.
     *
     * @param path its name, for messages
     * @param packed its bytes, from the first
     * @param size how many those are
     * @param maxRatio how many times that size it may unpack to
     */
    static GzipStream of(Path path, CountingStream packed, long size, double maxRatio) throws IOException {
        try {
            return new GzipStream(path, packed, size, maxRatio);
        } catch (EOFException | ZipException e) {
            throw damaged(path, e);
        }
    }

    private static MalformedDataException damaged(Path path, IOException cause) {
        String reason = cause instanceof EOFException ? "it is cut off" : String.valueOf(cause.getMessage());
        return new MalformedDataException(
                path + " is a damaged gzip file: " + reason + "; fetch it again, or pack it again", cause);
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        filled = packed.count();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read;
        // Where a member ends, the superclass calls this method again for the next one.
        depth++;
        try {
            if (depth > MOST_EMPTY) {
                throw new MalformedDataException(
                        "%s: more than %d members with nothing in them follow each other; pack it again"
                                .formatted(path, MOST_EMPTY));
            }
            read = super.read(into, offset, length);
        } catch (EOFException | ZipException e) {
            throw damaged(path, e);
        } finally {
            depth--;
        }
        if (read < 0) {
            requireNothingLeft();
        }
        unpacked += Math.max(0, read);
        if (unpacked > most) {
            throw new MalformedDataException(
                    "%s unpacks to more than %s times its size of %d bytes; if it is to, raise that with --max-ratio"
                            .formatted(path, maxRatio, size));
        }
        return read;
    }

    /** The superclass takes what follows the last member for nothing, be it rubbish or a member whose head is damaged. */
    private void requireNothingLeft() throws MalformedDataException {
        long end = filled - inf.getRemaining() + TRAILER;
        if (end != size) {
            throw new MalformedDataException(
                    "%s: after the gzip data, which end at byte %d of %d, there is something else;"
                                    .formatted(path, end, size)
                            + " fetch the file again, or cut it there");
        }
    }
}
