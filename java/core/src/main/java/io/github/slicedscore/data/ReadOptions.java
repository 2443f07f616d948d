package io.github.slicedscore.data;

/**
 * What reading may cost, and who hears of it; it makes no difference to what is read.
 *
 * @param threads threads that parse, or 0 for one per core
 * @param maxRatio how many times its size a gzip file may unpack to; one that unpacks to more is refused, as a few bytes can
 *     hold more than any disk
 * @param progress hears how it comes along
 */
public record ReadOptions(int threads, double maxRatio, ReadProgress progress) {
    /** Ten times what tables of numbers usually pack to; the most that the format can do is 1032. */
    public static final double DEFAULT_MAX_RATIO = 100;

    /** A thread per core, {@link #DEFAULT_MAX_RATIO}, and nobody who hears. */
    public static final ReadOptions DEFAULT = new ReadOptions(0, DEFAULT_MAX_RATIO, ReadProgress.NONE);

    /** Checks the ranges. */
    public ReadOptions {
        if (threads < 0) {
            throw new IllegalArgumentException("the number of threads is at least 0, not " + threads);
        }
        if (!(maxRatio >= 1)) {
            throw new IllegalArgumentException("a file may unpack to at least its size, not " + maxRatio + " of it");
        }
    }

    /**
     * These options with another number of threads.
     *
     * @param value threads that parse, or 0 for one per core
     * @return new options
     */
    public ReadOptions withThreads(int value) {
        return new ReadOptions(value, maxRatio, progress);
    }

    /**
     * These options with another bound for gzip files.
     *
     * @param value how many times its size a file may unpack to
     * @return new options
     */
    public ReadOptions withMaxRatio(double value) {
        return new ReadOptions(threads, value, progress);
    }

    /**
     * These options with a listener.
     *
     * @param value hears how it comes along
     * @return new options
     */
    public ReadOptions withProgress(ReadProgress value) {
        return new ReadOptions(threads, maxRatio, value);
    }

    /** Threads that parse, at least 1. */
    int workers() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
