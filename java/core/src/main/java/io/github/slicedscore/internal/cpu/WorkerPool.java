package io.github.slicedscore.internal.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that run the tasks 0 .. count-1 of one phase at a time, the calling thread with them.
 *
 * <p>Tasks are claimed from one ticket, an atomic word of phase number, task count and next task, so that a late worker can
 * never claim a task of a phase that has ended. A phase allocates nothing. Idle workers spin for a moment, then park; a
 * spinning worker never yields, because a yield can cost it its core for milliseconds.
 *
 * <p>Which worker runs which task is left to chance; numbers must not depend on it.
 */
final class WorkerPool implements AutoCloseable {
    /** A phase: the same object may run again and again. */
    interface Phase {
        /**
         * Runs one task.
         *
         * @param task 0 .. count-1
         * @param worker 0 .. threads-1, for scratch memory; the calling thread is 0
         */
        void run(int task, int worker);
    }

    private static final int COUNT_BITS = 22;
    private static final int MAX_TASKS = (1 << COUNT_BITS) - 1;
    private static final int SPINS = 4000;

    private final AtomicLong ticket = new AtomicLong();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final ReentrantLock owner = new ReentrantLock();
    private final Thread[] workers;
    private @Nullable Phase phase;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    WorkerPool(int threads) {
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            int worker = i + 1;
            workers[i] = new Thread(() -> work(worker), "slicedscore-worker-" + worker);
            workers[i].setDaemon(true);
            workers[i].start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs a phase to its end. One phase runs at a time; a second caller waits for its turn.
     *
     * @param newPhase what to run
     * @param count number of tasks
     */
    void run(Phase newPhase, int count) {
        if (count > MAX_TASKS) {
            throw new IllegalArgumentException("too many tasks in a phase: " + count);
        }
        owner.lock();
        try {
            requireOpen();
            if (count <= 1 || workers.length == 0) {
                for (int task = 0; task < count; task++) {
                    newPhase.run(task, 0);
                }
            } else {
                runTogether(newPhase, count);
            }
        } finally {
            owner.unlock();
        }
    }

    /** Throws if the pool is closed: for what would do without its threads, too. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the backend is closed");
        }
    }

    private void runTogether(Phase newPhase, int count) {
        phase = newPhase;
        completed.set(0);
        long number = (ticket.get() >>> (2 * COUNT_BITS)) + 1;
        ticket.set((number << (2 * COUNT_BITS)) | ((long) count << COUNT_BITS));
        if (parked.get() > 0) {
            for (Thread worker : workers) {
                LockSupport.unpark(worker);
            }
        }
        while (claimAndRun(0)) {
            // until no task is left
        }
        for (int spin = 0; completed.get() < count; spin++) {
            if (spin < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
        phase = null;
        rethrowFailure();
    }

    private void rethrowFailure() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    /** Claims a task of the current phase and runs it; false if there is none. */
    private boolean claimAndRun(int worker) {
        long seen = ticket.get();
        int next = (int) seen & MAX_TASKS;
        if (next >= countOf(seen)) {
            return false;
        }
        if (!ticket.compareAndSet(seen, seen + 1)) {
            return true;
        }
        try {
            Phase current = phase;
            if (current != null && failure == null) {
                current.run(next, worker);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            completed.incrementAndGet();
        }
        return true;
    }

    private static int countOf(long ticket) {
        return (int) (ticket >>> COUNT_BITS) & MAX_TASKS;
    }

    private boolean idle() {
        long seen = ticket.get();
        return ((int) seen & MAX_TASKS) >= countOf(seen) && !closed;
    }

    private void work(int worker) {
        while (!closed) {
            while (claimAndRun(worker)) {
                // until no task is left
            }
            for (int spin = 0; spin < SPINS && idle(); spin++) {
                Thread.onSpinWait();
            }
            parked.incrementAndGet();
            // Looked at again after the count was raised: the caller publishes a ticket before it reads the count.
            if (idle()) {
                LockSupport.park(this);
            }
            parked.decrementAndGet();
        }
    }

    @Override
    public void close() {
        owner.lock();
        try {
            closed = true;
        } finally {
            owner.unlock();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
