package io.github.slicedscore.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files that a command is going to write: what can't be written, or would destroy something, is refused beforehand. */
final class OutputFiles {
    private OutputFiles() {}

    /** Throws unless a file can be written, and does not exist or may be replaced. */
    static void requireWritable(String option, Path file, boolean force) {
        if (file.toString().isEmpty()) {
            throw new BadInputException(option + ": the name is empty; give the name of a file");
        }
        Path target = file.toAbsolutePath().normalize();
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            throw new BadInputException(option + ": " + file + " is a directory; give the name of a file in it");
        }
        requireDirectory(option, directory);
        if (Files.exists(target)) {
            // A file takes the name of what it replaces: the device or the pipe itself would be gone.
            if (!Files.isRegularFile(target)) {
                throw new BadInputException(option + ": " + file
                        + " is a device or a pipe, which a file would take the place of; give the name of a file");
            }
            if (!force) {
                throw new BadInputException(
                        option + ": " + file + " exists; replace it with --force, or choose another name");
            }
            if (!Files.isWritable(target)) {
                throw new BadInputException(
                        option + ": " + file + " is not writable; change its rights or choose another name");
            }
        }
    }

    /** Throws if an output is also a file that the command reads or writes otherwise, --force or not. */
    static void requireDistinct(String option, Path output, String what, @Nullable Path other) {
        if (other == null) {
            return;
        }
        boolean same = output.toAbsolutePath()
                .normalize()
                .equals(other.toAbsolutePath().normalize());
        try {
            same |= Files.exists(output) && Files.exists(other) && Files.isSameFile(output, other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (same) {
            throw new BadInputException(option + ": " + output + " is also " + what + "; choose another name");
        }
    }

    private static void requireDirectory(String option, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new BadInputException(
                    option + ": there is no directory " + directory + "; make it first, or choose another one");
        }
        if (!Files.isWritable(directory)) {
            throw new BadInputException(option + ": the directory " + directory
                    + " is not writable; change its rights or choose another one");
        }
    }
}
