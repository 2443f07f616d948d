package io.github.slicedscore.data;

/** Hears how the reading of a file comes along, some hundred times a second at most. */
@FunctionalInterface
public interface ReadProgress {
    /** Hears nothing. */
    ReadProgress NONE = (bytes, size, rows) -> {};

    /**
     * Some more was read. Called by the thread that reads, which waits for it.
     *
     * @param bytes bytes of the file read so far, as they lie on the disk
     * @param size bytes of the whole file
     * @param rows rows so far
     */
    void read(long bytes, long size, long rows);
}
