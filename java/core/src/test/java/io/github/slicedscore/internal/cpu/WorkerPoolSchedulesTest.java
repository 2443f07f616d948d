package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The pool under random schedules: callers that compete, tasks that take no time or long, sleep, fail or run phases of their own,
 * pauses in which workers fall asleep or are about to, threads that are interrupted and woken for nothing, and a close at any
 * moment. Every phase ends, and has run each of its tasks once. A schedule follows from its seed as far as the machine lets it.
 */
class WorkerPoolSchedulesTest {
    private static final int SCHEDULES = Boolean.getBoolean("slicedscore.concurrency.full") ? 10_000 : 1000;

    /** Longer than any schedule takes on a busy machine. */
    private static final long LONGEST_MILLIS = 30_000;

    @Test
    void everyPhaseEndsUnderAnySchedule() throws InterruptedException {
        int phases = 0;
        int failures = 0;
        int closed = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Schedule schedule = new Schedule(seed);
            schedule.run();
            phases += schedule.count(Outcome.DONE);
            failures += schedule.count(Outcome.FAILED);
            closed += schedule.count(Outcome.CLOSED);
        }
        System.out.printf(
                "%d schedules of the pool: %d phases done, %d failed as they should, %d came too late; none hung%n",
                SCHEDULES, phases, failures, closed);
        assertThat(phases).isGreaterThan(SCHEDULES);
        assertThat(failures).isPositive();
        assertThat(closed).isPositive();
    }

    private enum Outcome {
        DONE,
        FAILED,
        CLOSED
    }

    /** What a task throws. */
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Some callers of one pool. */
    private static final class Schedule {
        private final long seed;
        private final WorkerPool pool;
        private final List<Thread> callers = new ArrayList<>();
        private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();

        Schedule(long seed) {
            this.seed = seed;
            Random random = new Random(seed);
            pool = new WorkerPool(2 + random.nextInt(4));
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                long own = random.nextLong();
                callers.add(new Thread(() -> call(new Random(own)), "caller-" + i));
            }
        }

        int count(Outcome outcome) {
            return (int) outcomes.stream().filter(outcome::equals).count();
        }

        void run() throws InterruptedException {
            Random random = new Random(~seed);
            callers.forEach(Thread::start);
            for (int i = random.nextInt(6); i > 0; i--) {
                pause(random);
                Thread caller = callers.get(random.nextInt(callers.size()));
                if (random.nextBoolean()) {
                    caller.interrupt();
                } else {
                    LockSupport.unpark(caller);
                }
            }
            boolean early = random.nextInt(4) == 0;
            Thread closing = new Thread(pool::close, "closing");
            if (early) {
                closing.start();
            }
            for (Thread caller : callers) {
                join(caller);
            }
            if (!early) {
                closing.start();
            }
            join(closing);
            assertThat(faults).as("seed %d", seed).isEmpty();
        }

        private void join(Thread thread) throws InterruptedException {
            thread.join(LONGEST_MILLIS);
            if (thread.isAlive()) {
                StringBuilder stacks = new StringBuilder();
                Thread.getAllStackTraces().forEach((each, stack) -> stacks.append('\n')
                        .append(each.getName())
                        .append(' ')
                        .append(each.getState())
                        .append(Arrays.toString(stack)));
                throw new AssertionError("seed " + seed + ": " + thread.getName() + " hangs" + stacks);
            }
        }

        private void call(Random random) {
            try {
                for (int phase = 1 + random.nextInt(6); phase > 0; phase--) {
                    outcomes.add(phase(random));
                    if (random.nextInt(3) == 0) {
                        pause(random);
                    }
                }
            } catch (Throwable fault) {
                faults.add(fault);
            }
        }

        private Outcome phase(Random random) {
            int count = random.nextInt(40);
            int slow = random.nextInt(40);
            int failing = random.nextInt(6) == 0 ? random.nextInt(40) : -1;
            boolean nests = random.nextInt(4) == 0;
            long own = random.nextLong();
            AtomicIntegerArray runs = new AtomicIntegerArray(count);
            AtomicIntegerArray inner = new AtomicIntegerArray(count);
            try {
                pool.run(
                        (task, worker) -> {
                            runs.incrementAndGet(task);
                            if (task == failing) {
                                throw new Planned();
                            }
                            if (task == slow) {
                                pause(new Random(own));
                            }
                            if (nests && task % 7 == 0) {
                                pool.run((nested, same) -> inner.incrementAndGet(task), 3);
                            }
                        },
                        count);
            } catch (Planned planned) {
                assertThat(failing).isBetween(0, count - 1);
                return Outcome.FAILED;
            } catch (IllegalStateException late) {
                assertThat(late).hasMessageContaining("closed");
                return Outcome.CLOSED;
            }
            for (int task = 0; task < count; task++) {
                assertThat(runs.get(task))
                        .as("runs of task %d of %d", task, count)
                        .isEqualTo(1);
                assertThat(inner.get(task)).isEqualTo(nests && task % 7 == 0 ? 3 : 0);
            }
            return Outcome.DONE;
        }

        /** From nothing to longer than workers look for work before they sleep. */
        private static void pause(Random random) {
            switch (random.nextInt(3)) {
                case 0 -> LockSupport.parkNanos(1 + random.nextInt(200_000));
                default -> {
                    for (int spin = random.nextInt(6000); spin > 0; spin--) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }
}
