package io.github.slicedscore.io;

import io.github.slicedscore.data.MalformedDataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file so that its name shows either the old content or all of the new, whatever fails in between, and so that the new
 * one is there for good once the write has returned: a temporary file in the same directory, forced to disk, then moved over the
 * name in one step, and the directory forced. A process that is killed meanwhile leaves the temporary file,
 * {@code .NAME.XXX.tmp}, which a later write of that name deletes once it is certain that nobody is at it any more.
 */
public final class AtomicFile {
    private static final System.Logger LOGGER = System.getLogger(AtomicFile.class.getName());

    /** The names of temporary files, with that of the file in a group, and the number of the process that writes. */
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.([0-9a-f]{1,15})-[0-9a-f]+\\.tmp");

    /** Time without a change after which a temporary file is nobody's: a process on another machine may be slow, but not so slow. */
    private static final Duration STALE = Duration.ofDays(1);

    private AtomicFile() {}

    /** Writes the content of a file. */
    public interface Content {
        /**
         * Writes all of it; is called again where the thread is interrupted meanwhile, which closes the channel.
         *
         * @param out an empty file, which the caller closes
         * @throws IOException if that fails
         */
        void writeTo(FileChannel out) throws IOException;
    }

    /**
     * Writes or replaces a file.
     *
     * @param file where to
     * @param content all of it
     * @throws IOException naming the file; it is then as before, and the temporary file is gone
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, out -> Bytes.write(out, content));
    }

    /**
     * Writes or replaces a file. An interrupted thread does so, too, so that it can save its work.
     *
     * @param file where to
     * @param content all of it
     * @throws MalformedDataException as the content throws it; the file is then as before, and the temporary file is gone
     * @throws IOException naming the file; it is then as before, and the temporary file is gone
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            throw new FileSystemException(file.toString(), null, "this is a directory; give the name of a file in it");
        }
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(
                    file.toString(), null, "the directory " + directory + " does not exist; create it first");
        }
        if (!Files.isWritable(directory)) {
            throw new AccessDeniedException(
                    file.toString(), null, "the directory " + directory + " is not writable; choose another one");
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new AccessDeniedException(
                    file.toString(), null, "the file is not writable; change its rights or choose another name");
        }
        try {
            Uninterrupted.call(() -> {
                replace(target, directory, content);
                return target;
            });
        } catch (MalformedDataException e) {
            throw e; // the fault of a file that was read for this one
        } catch (IOException e) {
            throw new IOException(
                    file + " could not be written (" + e.getMessage() + "); check the space and the rights in "
                            + directory,
                    e);
        }
        deleteStale(target, directory);
        force(directory);
    }

    /** Deletes what writes of a file left behind that were killed a day ago; nothing depends on it, so failing is no fault. */
    private static void deleteStale(Path target, Path directory) {
        String name = String.valueOf(target.getFileName());
        Instant stale = Instant.now().minus(STALE);
        DirectoryStream.Filter<Path> leftBehind = path -> {
            Matcher matcher = TEMPORARY.matcher(String.valueOf(path.getFileName()));
            return matcher.matches()
                    && matcher.group(1).equals(name)
                    && Files.isRegularFile(path)
                    && Files.getLastModifiedTime(path).toInstant().isBefore(stale)
                    && !isAnothers(Long.parseLong(matcher.group(2), 16));
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, leftBehind)) {
            files.forEach(AtomicFile::delete);
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "{0} could not be searched for temporary files: {1}", directory, e);
        }
    }

    /** Whether another process on this machine has that number: one that was stopped for a day, and goes on, finds its file. */
    private static boolean isAnothers(long process) {
        return process != ProcessHandle.current().pid()
                && ProcessHandle.of(process).isPresent();
    }

    private static void replace(Path target, Path directory, Content content) throws IOException {
        Path temporary = create(target, directory);
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(out);
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            delete(temporary);
            throw e;
        }
    }

    /**
     * An empty file that no other process has. Not by Files.createTempFile, whose files are readable by their owner alone and would
     * stay so under the final name.
     */
    private static Path create(Path target, Path directory) throws IOException {
        while (true) {
            String unique = Long.toHexString(ProcessHandle.current().pid()) + "-" + Long.toHexString(System.nanoTime());
            try {
                return Files.createFile(directory.resolve("." + target.getFileName() + "." + unique + ".tmp"));
            } catch (FileAlreadyExistsException e) {
                // Another machine's process of that number, at the same moment.
            }
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "{0} could not be deleted: {1}", temporary, e);
        }
    }

    /**
     * Deletes what writes left behind that were killed. Only for files that nobody is writing.
     *
     * @param directory where
     * @param name which names of files were to be written
     * @throws IOException if that fails
     */
    public static void deleteLeftovers(Path directory, Predicate<String> name) throws IOException {
        DirectoryStream.Filter<Path> leftBehind = path -> {
            Matcher matcher = TEMPORARY.matcher(String.valueOf(path.getFileName()));
            return matcher.matches() && name.test(matcher.group(1));
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, leftBehind)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Makes a directory and those above it that are not there, for good.
     *
     * @param directory the directory
     * @throws IOException naming it, if that fails
     */
    public static void createDirectories(Path directory) throws IOException {
        Path missing = directory.toAbsolutePath();
        Path parent = missing.getParent();
        if (parent == null || Files.isDirectory(missing)) {
            return;
        }
        createDirectories(parent);
        try {
            Files.createDirectory(missing);
        } catch (IOException e) {
            // Another process may have been faster.
            if (!Files.isDirectory(missing)) {
                throw new IOException(
                        "the directory " + directory + " could not be made (" + e
                                + "); check the space and the rights in " + parent,
                        e);
            }
        }
        force(parent);
    }

    /**
     * Makes the names in a directory durable, those that are gone included. Windows opens no directories, and keeps names durable by
     * itself; some network file systems can't, either.
     *
     * @param directory the directory
     */
    public static void force(Path directory) {
        try {
            Uninterrupted.call(() -> {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
                return directory;
            });
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "directory {0} could not be forced to disk: {1}", directory, e);
        }
    }
}
