package io.github.slicedscore.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.contract.TrainingCase;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training makes no work for the garbage collector: a step may allocate its result and no more. */
@ExtendWith(NativeWidth.class)
class AllocationTest {
    private static final int WARM_UP = 5000;
    private static final int STEPS = 2000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest(name = "energy {0}, variance reduced {1}, {2} threads, {3} steps a call")
    @CsvSource({"false,true,2,1", "true,true,2,1", "true,false,1,500"})
    void aStepAllocatesItsResultAlone(boolean energy, boolean varianceReduced, int threads, int call) {
        try (Backend backend = Backends.open("cpu", new BackendOptions(threads, 0));
                TrainingRun run = TrainingCase.of(energy, varianceReduced).open(backend)) {
            for (int i = 0; i < WARM_UP / call; i++) {
                run.step(call);
            }
            long[] threadIds = threadIds();
            assertThat(threadIds).hasSize(threads);
            long before = allocated(threadIds);
            for (int i = 0; i < STEPS / call; i++) {
                run.step(call);
            }
            double perStep = (allocated(threadIds) - before) / (double) STEPS;
            assertThat(perStep).as("bytes a step").isLessThanOrEqualTo(64);
        }
    }

    /** The calling thread and all workers. Asked for once, because the question itself allocates. */
    private static long[] threadIds() {
        assertThat(THREADS.isThreadAllocatedMemoryEnabled()).isTrue();
        long[] ids = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null
                        && (info.getThreadName().startsWith("slicedscore")
                                || info.getThreadId() == Thread.currentThread().getId()))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        THREADS.getThreadAllocatedBytes(ids);
        return ids;
    }

    private static long allocated(long[] threadIds) {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(threadIds)) {
            sum += bytes;
        }
        return sum;
    }
}
