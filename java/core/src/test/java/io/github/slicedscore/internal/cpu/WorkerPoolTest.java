package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerPoolTest {
    /** 9 threads are more than most machines that run this have cores. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 9})
    void runsEveryTaskOnceInEveryPhase(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            assertThat(pool.threads()).isEqualTo(threads);
            for (int count : new int[] {0, 1, 2, 3, 7, 64, 1000}) {
                for (int repeat = 0; repeat < 20; repeat++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(count);
                    AtomicInteger strangers = new AtomicInteger();
                    pool.run(
                            (task, worker) -> {
                                runs.incrementAndGet(task);
                                strangers.addAndGet(worker < 0 || worker >= threads ? 1 : 0);
                            },
                            count);
                    for (int task = 0; task < count; task++) {
                        assertThat(runs.get(task))
                                .as("runs of task %d of %d", task, count)
                                .isEqualTo(1);
                    }
                    assertThat(strangers).hasValue(0);
                }
            }
        }
    }

    /** A worker has its index to itself while it runs a task: scratch memory depends on it. */
    @Test
    void noTwoTasksShareAWorkersIndexAtOnce() {
        try (WorkerPool pool = new WorkerPool(4)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(4);
            AtomicInteger clashes = new AtomicInteger();
            for (int phase = 0; phase < 200; phase++) {
                pool.run(
                        (task, worker) -> {
                            clashes.addAndGet(busy.getAndIncrement(worker));
                            Thread.onSpinWait();
                            busy.decrementAndGet(worker);
                        },
                        50);
            }
            assertThat(clashes).hasValue(0);
        }
    }

    /** Its own tasks first: the same in every phase, so that they find in the core's caches what they left there. */
    @Test
    void everyWorkerBeginsWithItsOwnShare() {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicIntegerArray firstTasks = new AtomicIntegerArray(3);
            CyclicBarrier barrier = new CyclicBarrier(3);
            for (int phase = 0; phase < 50; phase++) {
                AtomicIntegerArray tasks = new AtomicIntegerArray(3);
                pool.run(
                        (task, worker) -> {
                            if (tasks.getAndIncrement(worker) == 0) {
                                firstTasks.set(worker, task);
                                meet(barrier);
                            }
                        },
                        12);
                assertThat(firstTasks).hasToString("[0, 1, 2]");
            }
        }
    }

    /** One task waits until all others have run, also those of the share that it is in. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 11})
    void whoIsDoneTakesTheTasksOfWhoIsNot(int slow) {
        try (WorkerPool pool = new WorkerPool(3)) {
            CountDownLatch others = new CountDownLatch(11);
            AtomicInteger late = new AtomicInteger();
            pool.run(
                    (task, worker) -> {
                        if (task != slow) {
                            others.countDown();
                        } else if (!awaits(others)) {
                            late.incrementAndGet();
                        }
                    },
                    12);
            assertThat(late).hasValue(0);
        }
    }

    /** A phase sees all that the phase before wrote, without any fence of its own. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void quickPhasesFollowOneAnotherWithoutHanging(int threads) {
        int width = 8;
        int[][] sums = new int[2][width];
        try (WorkerPool pool = new WorkerPool(threads)) {
            AtomicInteger current = new AtomicInteger();
            WorkerPool.Phase phase = (task, worker) -> {
                int from = current.get() & 1;
                sums[1 - from][task] = sums[from][(task + 1) % width] + 1;
            };
            for (int i = 0; i < 20_000; i++) {
                pool.run(phase, width);
                current.incrementAndGet();
            }
        }
        assertThat(sums[0]).containsOnly(20_000);
    }

    /** By processor time, of which a sleeping thread takes none however long it sleeps. */
    @Test
    void idleWorkersFallAsleepAndTakeNoProcessorTime() throws Exception {
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        try (WorkerPool pool = new WorkerPool(3)) {
            Set<Thread> workers = workersOf(pool);
            workers.remove(Thread.currentThread());
            for (Thread worker : workers) {
                while (worker.getState() != Thread.State.WAITING) {
                    Thread.sleep(1);
                }
            }
            // The last instructions on the way to sleep.
            Thread.sleep(20);
            long[] before = workers.stream()
                    .mapToLong(w -> times.getThreadCpuTime(w.getId()))
                    .toArray();
            Thread.sleep(100);
            long[] after = workers.stream()
                    .mapToLong(w -> times.getThreadCpuTime(w.getId()))
                    .toArray();
            assertThat(after).isEqualTo(before);
        }
    }

    /** Workers that have gone to sleep are woken. */
    @Test
    void phasesAfterAPauseFindTheWorkersAgain() throws Exception {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int i = 0; i < 10; i++) {
                Thread.sleep(5);
                assertThat(workersOf(pool)).hasSize(3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void exceptionsReachTheCallerAndThePoolGoesOn(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int failing : new int[] {0, 13, 99}) {
                assertThatThrownBy(() -> pool.run(
                                (task, worker) -> {
                                    if (task == failing) {
                                        throw new IllegalArgumentException("task " + task);
                                    }
                                },
                                100))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("task " + failing);
                assertThatThrownBy(() -> pool.run(
                                (task, worker) -> {
                                    throw new AssertionError("all");
                                },
                                100))
                        .isInstanceOf(AssertionError.class);
                AtomicInteger runs = new AtomicInteger();
                pool.run((task, worker) -> runs.incrementAndGet(), 100);
                assertThat(runs).hasValue(100);
            }
        }
    }

    /** As functions written in Kotlin or Scala may throw. */
    @ParameterizedTest
    @ValueSource(ints = {0, 99})
    void checkedExceptionsReachTheCallerToo(int failing) {
        IOException thrown = new IOException("unchecked");
        try (WorkerPool pool = new WorkerPool(3)) {
            assertThatThrownBy(() -> pool.run(
                            (task, worker) -> {
                                if (task == failing) {
                                    WorkerPoolTest.<RuntimeException>sneak(thrown);
                                }
                            },
                            100))
                    .isInstanceOf(UndeclaredThrowableException.class)
                    .hasCause(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** A function that a task calls may use the same backend. */
    @Test
    void aTaskMayRunAPhaseItself() {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(30);
            AtomicInteger strangers = new AtomicInteger();
            pool.run(
                    (task, worker) -> pool.run(
                            (inner, same) -> {
                                runs.incrementAndGet(inner);
                                strangers.addAndGet(same == worker ? 0 : 1);
                            },
                            30),
                    12);
            for (int inner = 0; inner < 30; inner++) {
                assertThat(runs.get(inner)).isEqualTo(12);
            }
            assertThat(strangers).hasValue(0);
        }
    }

    @Test
    void twoCallersTakeTurns() throws Exception {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Runnable caller = () -> {
                try {
                    for (int phase = 0; phase < 500; phase++) {
                        AtomicInteger runs = new AtomicInteger();
                        pool.run((task, worker) -> runs.incrementAndGet(), 20);
                        assertThat(runs).hasValue(20);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            };
            Thread other = new Thread(caller);
            other.start();
            caller.run();
            other.join();
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void closingEndsTheThreadsAndIsIdempotent() {
        WorkerPool pool = new WorkerPool(4);
        Set<Thread> workers = workersOf(pool);
        assertThat(workers).hasSize(4).contains(Thread.currentThread());
        workers.remove(Thread.currentThread());
        assertThat(workers).allMatch(Thread::isDaemon);
        pool.close();
        pool.close();
        assertThat(workers).noneMatch(Thread::isAlive);
        for (int count : new int[] {1, 10}) {
            assertThatThrownBy(() -> pool.run((task, worker) -> {}, count))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void closingWhileInterruptedStillJoinsAndKeepsTheInterrupt() {
        WorkerPool pool = new WorkerPool(2);
        Set<Thread> workers = workersOf(pool);
        workers.remove(Thread.currentThread());
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(workers).noneMatch(Thread::isAlive);
    }

    /** It would wait for itself. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @SuppressWarnings("try") // closed by hand, to see that it is refused
    void aTaskCanNotCloseThePoolThatRunsIt(int closing) {
        try (WorkerPool pool = new WorkerPool(3)) {
            assertThatThrownBy(() -> pool.run(
                            (task, worker) -> {
                                if (worker == closing) {
                                    pool.close();
                                }
                                LockSupport.parkNanos(1_000_000);
                            },
                            30))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("can't close it");
            assertThat(workersOf(pool)).hasSize(3);
        }
    }

    @Test
    void refusesMoreTasksThanATicketHolds() {
        try (WorkerPool pool = new WorkerPool(1)) {
            assertThatThrownBy(() -> pool.run((task, worker) -> {}, 1 << 22))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4194304");
        }
    }

    /** All threads of a pool, met at a barrier that lets nobody pass until each of them has a task. */
    private static Set<Thread> workersOf(WorkerPool pool) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CyclicBarrier barrier = new CyclicBarrier(pool.threads());
        pool.run(
                (task, worker) -> {
                    threads.add(Thread.currentThread());
                    meet(barrier);
                },
                pool.threads());
        return threads;
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
