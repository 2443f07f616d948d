package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After a test class's own clean-up there must be no handle open, no device memory held and nothing that only the cleaner
 * freed.
 */
class NothingIsLeft implements BeforeAllCallback, AfterAllCallback {
    private long leaks;

    @Override
    public void beforeAll(ExtensionContext context) {
        leaks = NativeHandle.leaks();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (CudaProbe.probe().usable()) {
            assertThat(NativeLibrary.liveHandles()).as("handles still open").isZero();
            assertThat(NativeLibrary.liveBytes()).as("bytes still held").isZero();
            EmulationControl.assertNothingIsLeft();
            assertThat(NativeHandle.leaks()).as("handles that nobody closed").isEqualTo(leaks);
        }
    }
}
