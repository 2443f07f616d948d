package io.github.slicedscore.backend;

/**
 * What a caller may choose about a backend.
 *
 * @param threads worker threads on the processor, the calling thread included; 0 for one per core
 * @param device index of the GPU
 */
public record BackendOptions(int threads, int device) {
    /** Checks the ranges. */
    public BackendOptions {
        if (threads < 0) {
            throw new IllegalArgumentException(
                    "the number of threads is positive, or 0 for one per core, not " + threads);
        }
        if (device < 0) {
            throw new IllegalArgumentException("a device's index is not negative: " + device);
        }
    }

    /** One thread per core, first device. */
    public BackendOptions() {
        this(0, 0);
    }
}
