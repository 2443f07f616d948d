package io.github.slicedscore.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second training away from the same checkpoints while it is open. The system frees the lock when the process ends, however
 * it ends; the empty file stays, because a file that is deleted and made again could be locked twice.
 */
final class TrainingLock implements AutoCloseable {
    private final FileChannel channel;

    private TrainingLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Locks a directory, which it makes if need be; throws if another training has it. */
    static TrainingLock of(Path checkpoints) throws IOException {
        Files.createDirectories(checkpoints);
        FileChannel channel =
                FileChannel.open(checkpoints.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new BadInputException("--out: another training is writing " + checkpoints
                    + "; wait until it has ended, or choose another name");
        }
        return new TrainingLock(channel);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
