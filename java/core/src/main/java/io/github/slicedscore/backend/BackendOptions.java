package io.github.slicedscore.backend;

/**
 * What a caller may choose about a backend.
 *
 * @param threads worker threads on the processor, the calling thread included: at most {@link #MOST_THREADS}; 0 for one per
 *     core
 * @param device index of the GPU
 */
public record BackendOptions(int threads, int device) {
    /** Asking for more is taken for a mistake: starting them takes long, and their memory can fill the heap. */
    public static final int MOST_THREADS = 1024;

    /** Checks the ranges. */
    public BackendOptions {
        if (threads < 0 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "the number of threads is 1 to " + MOST_THREADS + ", or 0 for one per core, not " + threads);
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
