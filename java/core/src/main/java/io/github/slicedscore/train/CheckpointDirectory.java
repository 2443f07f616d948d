package io.github.slicedscore.train;

import io.github.slicedscore.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory of checkpoints that one training has, and no other training in any process, until it is closed. It holds
 * {@code step-NNNNNNNNN.safetensors}, the states of the last steps that were saved, and {@code best.safetensors}, the best model.
 *
 * <p>It is locked by {@code .lock}, an empty file that stays: the system frees the lock when the process ends, however it ends. On
 * file systems that have no locks a warning is logged, and it is up to the user that no two trainings share a directory.
 */
public final class CheckpointDirectory implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(CheckpointDirectory.class.getName());
    private static final Pattern NAME = Pattern.compile("step-([0-9]{9,18})\\.safetensors");

    /** Those that this JVM has: closing a second channel to a lock's file would free the lock. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final Path real;
    private FileChannel channel;
    private @Nullable Object key;

    private CheckpointDirectory(Path directory, Path real) throws IOException {
        this.directory = directory;
        this.real = real;
        this.channel = lock();
        this.key = lockKey();
    }

    /**
     * Makes a directory, if it is not there, and locks it. What a training that was killed left half written is deleted.
     *
     * @param directory the directory
     * @return it, to be closed after the training
     * @throws CheckpointsInUseException if another training has it
     * @throws IOException if that fails
     */
    public static CheckpointDirectory open(Path directory) throws IOException {
        AtomicFile.createDirectories(directory);
        Path real = directory.toRealPath();
        if (!OPEN.add(real)) {
            throw new CheckpointsInUseException(directory);
        }
        try {
            return new CheckpointDirectory(directory, real);
        } catch (IOException | RuntimeException e) {
            OPEN.remove(real);
            throw e;
        }
    }

    /**
     * The checkpoints in a directory.
     *
     * @param directory a directory, which need not exist
     * @return its checkpoints, that of the last step first
     * @throws IOException if it cannot be read
     */
    public static List<Path> checkpoints(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    if (NAME.matcher(name(file)).matches()) {
                        found.add(file);
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(CheckpointDirectory::step).reversed());
        return found;
    }

    private static String name(Path file) {
        return Objects.toString(file.getFileName());
    }

    /** The step that a checkpoint's name says. */
    static long step(Path checkpoint) {
        Matcher matcher = NAME.matcher(name(checkpoint));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /**
     * Which directory.
     *
     * @return the path that was opened
     */
    public Path path() {
        return directory;
    }

    /** Where the checkpoint of a step lies. */
    Path checkpoint(long step) {
        return directory.resolve("step-%09d.safetensors".formatted(step));
    }

    /** Where the best model lies. */
    Path best() {
        return directory.resolve("best.safetensors");
    }

    /** Deletes all checkpoints and the best model. */
    void clear() throws IOException {
        for (Path file : checkpoints(directory)) {
            Files.delete(file);
        }
        Files.deleteIfExists(best());
        AtomicFile.force(directory);
    }

    /** Makes the directory again, and locks it, if somebody has deleted it or put another one in its place. */
    void requireOurs() throws IOException {
        if (Files.isDirectory(directory) && Objects.equals(key, lockKey())) {
            return;
        }
        FileChannel renewed;
        try {
            AtomicFile.createDirectories(directory);
            renewed = lock();
        } catch (CheckpointsInUseException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    directory + " was deleted, and could not be made again (" + e + "); make it, or check the rights",
                    e);
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "{0} was deleted while a training keeps its checkpoints there; it is made again",
                directory);
        channel.close();
        channel = renewed;
        key = lockKey();
    }

    private Path lockFile() {
        return directory.resolve(".lock");
    }

    /** What the system knows the lock's file by; null where it does not tell, or there is no such file. */
    private @Nullable Object lockKey() throws IOException {
        try {
            return Files.readAttributes(lockFile(), BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private FileChannel lock() throws IOException {
        FileChannel opened = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(opened)) {
                deleteLeftovers();
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Whether the lock is ours; false where there are no locks. */
    private boolean tryLock(FileChannel opened) throws CheckpointsInUseException {
        FileLock lock;
        try {
            lock = opened.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new CheckpointsInUseException(directory);
        } catch (IOException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} cannot be locked ({1}); see to it that no other training writes there",
                    directory,
                    e.getMessage());
            return false;
        }
        if (lock == null) {
            throw new CheckpointsInUseException(directory);
        }
        return true;
    }

    private void deleteLeftovers() throws IOException {
        AtomicFile.deleteLeftovers(directory, name -> NAME.matcher(name).matches() || name.equals(name(best())));
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OPEN.remove(real);
        }
    }
}
