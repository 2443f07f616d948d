package io.github.slicedscore.internal.cpu;

import java.lang.invoke.VarHandle;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that run the tasks 0 .. count-1 of one phase at a time, the calling thread with them.
 *
 * <p>Every thread has a share of the tasks, every so many-th, the same in all phases: what it wrote in one it finds in its
 * core's caches in the next. Who is done takes the last ones of shares that others have not come to. What is left of a share is
 * an atomic word of phase number, end and next task, so that a late worker can never claim a task of a phase that has ended. A
 * phase allocates nothing. Idle workers spin for a moment, then park; a spinning worker never yields, because a yield can cost
 * it its core for milliseconds.
 *
 * <p>In the end chance decides which worker runs which task; numbers must not depend on it.
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

    private static final int TASK_BITS = 22;
    private static final int MAX_TASKS = (1 << TASK_BITS) - 1;
    private static final int SPINS = 4000;
    private static final int NONE = -1;

    /** Words from one share to the next: two cache lines, which processors fetch as a pair. */
    private static final int SPACING = 16;

    /** By thread; the first place is left empty. */
    private final AtomicLongArray shares;

    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final ReentrantLock owner = new ReentrantLock();
    private final Thread[] workers;
    private @Nullable Phase phase;
    private long number;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    WorkerPool(int threads) {
        shares = new AtomicLongArray(SPACING * (threads + 1));
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
     * Runs a phase to its end. One phase runs at a time; a second caller waits for its turn, but a task of a phase, whose
     * turn would never come, runs all tasks itself.
     *
     * @param newPhase what to run
     * @param count number of tasks
     */
    void run(Phase newPhase, int count) {
        if (count > MAX_TASKS) {
            throw new IllegalArgumentException("too many tasks in a phase: " + count);
        }
        int within = workerOfThisThread();
        if (within != NONE) {
            runAlone(newPhase, count, within);
            return;
        }
        owner.lock();
        try {
            requireOpen();
            if (count <= 1 || workers.length == 0) {
                runAlone(newPhase, count, 0);
            } else {
                runTogether(newPhase, count);
            }
        } finally {
            owner.unlock();
        }
    }

    /** Which worker the calling thread is while it runs a task. */
    private int workerOfThisThread() {
        Thread thread = Thread.currentThread();
        if (owner.isHeldByCurrentThread()) {
            return 0;
        }
        for (int i = 0; i < workers.length; i++) {
            if (workers[i] == thread) {
                return i + 1;
            }
        }
        return NONE;
    }

    private static void runAlone(Phase newPhase, int count, int worker) {
        for (int task = 0; task < count; task++) {
            newPhase.run(task, worker);
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
        completed.setPlain(0);
        number++;
        for (int worker = 0; worker < threads(); worker++) {
            int tasks = (count - worker + threads() - 1) / threads();
            shares.setRelease(place(worker), (number << (2 * TASK_BITS)) | ((long) tasks << TASK_BITS));
        }
        // One fence for all: the shares are published before the count is read.
        VarHandle.fullFence();
        if (parked.get() > 0) {
            for (Thread worker : workers) {
                LockSupport.unpark(worker);
            }
        }
        runTasks(0);
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
        if (thrown != null) {
            // A checked one, from a caller's function in a language that does not check.
            throw new UndeclaredThrowableException(thrown);
        }
    }

    /** Runs the worker's share of the current phase, then what others have not begun. */
    private void runTasks(int worker) {
        for (int i = 0; i < threads(); i++) {
            int share = (worker + i) % threads();
            int ran = 0;
            for (int task = claim(share, i > 0); task != NONE; task = claim(share, i > 0)) {
                run(task, worker);
                ran++;
            }
            if (ran > 0) {
                completed.addAndGet(ran);
            }
        }
    }

    private void run(int task, int worker) {
        try {
            Phase current = phase;
            if (current != null && failure == null) {
                current.run(task, worker);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }

    /**
     * Claims a task of the current phase.
     *
     * @param share whose share it is of
     * @param last whether to take the last one, not the next, as others than its owner do
     * @return the task, or {@link #NONE}
     */
    private int claim(int share, boolean last) {
        int place = place(share);
        for (long seen = shares.get(place); next(seen) < end(seen); seen = shares.get(place)) {
            long rest = last ? seen - (1L << TASK_BITS) : seen + 1;
            if (shares.compareAndSet(place, seen, rest)) {
                int taken = last ? end(seen) - 1 : next(seen);
                return taken * threads() + share;
            }
        }
        return NONE;
    }

    private static int place(int worker) {
        return SPACING * (worker + 1);
    }

    private static int next(long share) {
        return (int) share & MAX_TASKS;
    }

    private static int end(long share) {
        return (int) (share >>> TASK_BITS) & MAX_TASKS;
    }

    private boolean idle(int worker) {
        long seen = shares.get(place(worker));
        return next(seen) >= end(seen) && !closed;
    }

    private void work(int worker) {
        while (!closed) {
            runTasks(worker);
            for (int spin = 0; spin < SPINS && idle(worker); spin++) {
                Thread.onSpinWait();
            }
            parked.incrementAndGet();
            // Looked at again after the count was raised: the caller publishes the shares before it reads the count.
            if (idle(worker)) {
                LockSupport.park(this);
            }
            parked.decrementAndGet();
        }
    }

    /** Ends the threads, after the phases of those who came before. */
    @Override
    public void close() {
        if (workerOfThisThread() != NONE) {
            throw new IllegalStateException("a function that a backend calls can't close it");
        }
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
