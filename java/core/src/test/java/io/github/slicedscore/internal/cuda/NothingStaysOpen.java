package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test class where there is no device, and says why; after its own clean-up there must be no handle open, no device
 * memory held and nothing that only the cleaner freed.
 */
final class NothingStaysOpen implements BeforeAllCallback, AfterAllCallback {
    private long leaks;

    @Override
    public void beforeAll(ExtensionContext context) {
        NativeLibrary.require();
        leaks = NativeHandle.leaks();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (CudaProbe.probe().usable()) {
            assertThat(NativeLibrary.liveHandles()).as("handles still open").isZero();
            assertThat(NativeLibrary.liveBytes()).as("bytes still held").isZero();
            assertThat(NativeHandle.leaks()).as("handles that nobody closed").isEqualTo(leaks);
        }
    }
}
