package io.github.slicedscore.io;

import io.github.slicedscore.data.MalformedDataException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name shows either the old content or all of the new, whatever fails in between: a temporary
 * file in the same directory, forced to disk, then moved over the name in one step.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    public interface Content {
        /**
         * Writes all of it.
         *
         * @param out an empty file, which the caller closes
         * @throws IOException if that fails
         */
        void writeTo(FileOutputStream out) throws IOException;
    }

    /**
     * Writes or replaces a file.
     *
     * @param file where to
     * @param content all of it
     * @throws IOException naming the file; it is then as before, and the temporary file is gone
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, out -> out.write(content));
    }

    /**
     * Writes or replaces a file.
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
        // Not Files.createTempFile, whose files are readable by their owner alone and would stay so under the final
        // name.
        Path temporary =
                directory.resolve("." + target.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            // A stream and not a channel: an interrupted thread can still save its work through it.
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                content.writeTo(out);
                out.getFD().sync();
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (MalformedDataException e) {
            throw e; // the fault of a file that was read for this one
        } catch (IOException e) {
            throw new IOException(
                    file + " could not be written (" + e.getMessage() + "); check the space and the rights in "
                            + directory,
                    e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(directory);
    }

    /** Makes the new name durable. Windows opens no directories, and keeps names durable by itself. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            System.getLogger(AtomicFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "directory {0} could not be forced to disk: {1}", directory, e);
        }
    }
}
