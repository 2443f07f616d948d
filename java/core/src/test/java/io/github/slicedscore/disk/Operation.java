package io.github.slicedscore.disk;

/** What was done to a disk. Files and directories have numbers, which stay theirs under another name. */
public sealed interface Operation {
    /** A name for a new file or directory. */
    record Link(int directory, String name, int node, boolean isDirectory) implements Operation {}

    /** A name that is gone. */
    record Unlink(int directory, String name) implements Operation {}

    /** Another name in the same directory, instead of what had it before. */
    record Rename(int directory, String from, String to, int node) implements Operation {}

    /** Bytes of a file. */
    record Write(int file, int position, byte[] bytes) implements Operation {}

    /** A file that is emptied. */
    record Truncate(int file) implements Operation {}

    /** A file's bytes, or a directory's names, that are there for good. */
    record Force(int node) implements Operation {}
}
