package io.github.slicedscore.internal.cuda;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Owns something native. A call takes the pointer, which locks, and gives it back when it has read its results:
 *
 * <pre>{@code
 * RunHandle run = handle.acquire();
 * try {
 *     check(ss_run_gradient(run, ...));
 * } finally {
 *     handle.release();
 * }
 * }</pre>
 *
 * <p>So calls follow one another, and {@link #close} waits for the one under way. What nobody closes is freed once it is out
 * of reach, with a warning, for the garbage collector knows nothing of a device's memory and may be late.
 *
 * @param <P> type of the pointer
 */
final class NativeHandle<P extends Pointer> implements AutoCloseable {
    /** Set to "true", makes warnings of leaks tell where the handle was opened. */
    static final String TRACE_PROPERTY = "slicedscore.leak.trace";

    private static final System.Logger LOGGER = System.getLogger(NativeHandle.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong LEAKS = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Owned<P> owned;
    private final Cleaner.Cleanable cleanable;

    /** The native function that frees; returns a status. */
    interface Free<P> {
        int free(P pointer);
    }

    /**
     * Takes possession.
     *
     * @param what what it is, for messages: "training run" for example
     * @param pointer what the native library gave out
     * @param free what gives it back
     */
    NativeHandle(String what, P pointer, Free<P> free) {
        owned = new Owned<>(what, pointer, free);
        cleanable = CLEANER.register(this, owned);
    }

    /** How many were not closed by anyone and freed by the cleaner. */
    static long leaks() {
        return LEAKS.get();
    }

    /**
     * Locks, and lends the pointer until {@link #release}.
     *
     * @throws IllegalStateException if it is closed
     */
    P acquire() {
        lock.lock();
        P pointer = owned.pointer;
        if (pointer == null) {
            lock.unlock();
            throw new IllegalStateException("the " + owned.what + " is closed");
        }
        return pointer;
    }

    void release() {
        lock.unlock();
    }

    /** Frees what is owned and owns another pointer instead; between {@link #acquire} and {@link #release} only. */
    void replace(P pointer) {
        owned.free();
        owned.pointer = pointer;
    }

    /** Frees, after the call under way. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            owned.closed = true;
            cleanable.clean();
        } finally {
            lock.unlock();
        }
    }

    /** What the cleaner still holds when the handle is out of reach. */
    private static final class Owned<P extends Pointer> implements Runnable {
        final String what;
        final Free<P> free;
        final @Nullable Throwable opened;

        @Nullable
        P pointer;

        boolean closed;

        Owned(String what, P pointer, Free<P> free) {
            this.what = what;
            this.pointer = pointer;
            this.free = free;
            this.opened = Boolean.getBoolean(TRACE_PROPERTY) ? new Throwable("opened here") : null;
        }

        @Override
        public void run() {
            free();
            if (!closed) {
                LEAKS.incrementAndGet();
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "a " + what + " was never closed, its device memory is freed only now; close it, or the backend"
                                + (opened == null ? " (-D" + TRACE_PROPERTY + "=true tells where it was opened)" : ""),
                        opened);
            }
        }

        void free() {
            P last = pointer;
            pointer = null;
            if (last != null && free.free(last) != CudaLibrary.SS_OK) {
                LOGGER.log(
                        System.Logger.Level.WARNING, "closing a " + what + " failed: " + CudaLibrary.ss_last_error());
            }
        }
    }
}
