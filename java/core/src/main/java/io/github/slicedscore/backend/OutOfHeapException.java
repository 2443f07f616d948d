package io.github.slicedscore.backend;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was asked for does not fit into the heap of the JVM; the message says how much it takes, and what takes less. */
public final class OutOfHeapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OutOfHeapException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Refuses what cannot fit, before anything is allocated.
     *
     * @param what what needs the memory, for the message
     * @param bytes the least that it takes
     * @param mend what takes less, for the message
     * @throws OutOfHeapException if that is more than the JVM may ever have
     */
    public static void require(String what, double bytes, String mend) {
        if (bytes > Runtime.getRuntime().maxMemory()) {
            throw of(what, bytes, mend, null);
        }
    }

    /**
     * The heap was too full.
     *
     * @param what what needs the memory
     * @param bytes the least that it takes
     * @param mend what takes less
     * @param cause what the JVM said; null before it was asked
     * @return with a message of all that
     */
    public static OutOfHeapException of(String what, double bytes, String mend, @Nullable Throwable cause) {
        Runtime runtime = Runtime.getRuntime();
        double free = runtime.maxMemory() - (double) runtime.totalMemory() + runtime.freeMemory();
        return new OutOfHeapException(
                String.format(
                        Locale.ROOT,
                        "%s takes %s of memory or more, and Java has %s, of which %s are free; allow it more with -Xmx, or %s",
                        what,
                        size(bytes),
                        size((double) runtime.maxMemory()),
                        size(free),
                        mend),
                cause);
    }

    private static String size(double bytes) {
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
