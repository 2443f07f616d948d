package io.github.slicedscore.backend;

import java.util.Objects;

/**
 * What a caller may choose about a backend.
 *
 * @param threads worker threads on the processor, the calling thread included: at most {@link #MOST_THREADS}; 0 for one per
 *     core
 * @param device index of the GPU
 * @param precision of matrix products; a backend that lacks it is refused, or passed over by {@link Backends#auto}
 */
public record BackendOptions(int threads, int device, Precision precision) {
    /** Asking for more is taken for a mistake: starting them takes long, and their memory can fill the heap. */
    public static final int MOST_THREADS = 1024;

    /** Checks the ranges. */
    public BackendOptions {
        Objects.requireNonNull(precision, "precision");
        if (threads < 0 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "the number of threads is 1 to " + MOST_THREADS + ", or 0 for one per core, not " + threads);
        }
        if (device < 0) {
            throw new IllegalArgumentException("a device's index is not negative: " + device);
        }
    }

    /** One thread per core, first device, single precision. */
    public BackendOptions() {
        this(0, 0);
    }

    /**
     * In single precision.
     *
     * @param threads worker threads on the processor, 0 for one per core
     * @param device index of the GPU
     */
    public BackendOptions(int threads, int device) {
        this(threads, device, Precision.FP32);
    }

    /**
     * The same in another precision.
     *
     * @param other of matrix products
     * @return new options
     */
    public BackendOptions withPrecision(Precision other) {
        return new BackendOptions(threads, device, other);
    }
}
