package io.github.slicedscore.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Whole arrays to and from channels, by parts: for each call a channel allocates as much memory again as it gets. */
final class Bytes {
    private static final int PART = 1 << 18;

    private Bytes() {}

    static void write(WritableByteChannel channel, byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; from += PART) {
            ByteBuffer part = ByteBuffer.wrap(bytes, from, Math.min(PART, bytes.length - from));
            while (part.hasRemaining()) {
                channel.write(part);
            }
        }
    }

    /** Reads as many bytes as asked for; throws if there are fewer. */
    static byte[] read(ReadableByteChannel channel, int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int from = 0; from < count; from += PART) {
            ByteBuffer part = ByteBuffer.wrap(bytes, from, Math.min(PART, count - from));
            while (part.hasRemaining()) {
                if (channel.read(part) < 0) {
                    throw new EOFException("the file became shorter while it was read");
                }
            }
        }
        return bytes;
    }
}
