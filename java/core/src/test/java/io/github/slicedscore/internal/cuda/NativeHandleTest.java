package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Ownership, with a made-up native function that counts; no native library is needed. */
class NativeHandleTest {
    private static final long SECONDS = 20;

    private final AtomicInteger freed = new AtomicInteger();

    private NativeHandle<Pointer> open() {
        return new NativeHandle<>("thing", new Pointer(), pointer -> {
            freed.incrementAndGet();
            return CudaLibrary.SS_OK;
        });
    }

    @Test
    void freesOnceHoweverOftenItIsClosed() {
        NativeHandle<Pointer> handle = open();
        handle.acquire();
        handle.release();
        assertThat(freed).hasValue(0);
        handle.close();
        handle.close();
        assertThat(freed).hasValue(1);
    }

    @Test
    void useAfterCloseThrowsAndLeavesItUnlocked() throws Exception {
        NativeHandle<Pointer> handle = open();
        handle.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(handle::acquire)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the thing is closed");
        }
        Thread other = new Thread(handle::close);
        other.start();
        other.join(TimeUnit.SECONDS.toMillis(SECONDS));
        assertThat(other.isAlive()).isFalse();
    }

    @Test
    void closeWaitsForTheCallUnderWay() throws Exception {
        NativeHandle<Pointer> handle = open();
        CountDownLatch closing = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            closing.countDown();
            handle.close();
        });
        handle.acquire();
        closer.start();
        assertThat(closing.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (closer.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).as("waiting for the closer to wait").isLessThan(end);
            Thread.onSpinWait();
        }
        assertThat(freed).as("freed while a call was under way").hasValue(0);
        handle.release();
        closer.join(TimeUnit.SECONDS.toMillis(SECONDS));
        assertThat(freed).hasValue(1);
    }

    @Test
    void replacingFreesTheOldPointer() {
        NativeHandle<Pointer> handle = open();
        Pointer larger = new Pointer();
        handle.acquire();
        handle.replace(larger);
        handle.release();
        assertThat(freed).hasValue(1);
        assertThat(handle.acquire()).isSameAs(larger);
        handle.release();
        handle.close();
        assertThat(freed).hasValue(2);
    }

    @Test
    void whatNobodyClosesIsFreedCountedAndWarnedOf() throws Exception {
        long leaks = NativeHandle.leaks();
        System.setProperty(NativeHandle.TRACE_PROPERTY, "true");
        try (CapturedLog log = new CapturedLog(NativeHandle.class)) {
            open().acquire();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (log.records().isEmpty()) {
                assertThat(System.nanoTime()).as("waiting for the cleaner").isLessThan(end);
                System.gc();
                Thread.sleep(10);
            }
            assertThat(log.warnings()).singleElement().asString().contains("a thing was never closed");
            assertThat(log.records().get(0).getThrown())
                    .hasStackTraceContaining("whatNobodyClosesIsFreedCountedAndWarnedOf");
            assertThat(freed).hasValue(1);
            assertThat(NativeHandle.leaks()).isEqualTo(leaks + 1);
        } finally {
            System.clearProperty(NativeHandle.TRACE_PROPERTY);
        }
    }
}
