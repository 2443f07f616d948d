package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** For tests that need the native library and a device, emulated or real. */
final class NativeLibrary {
    private NativeLibrary() {}

    /** Skips the test, and says why, unless there is a device; where the emulated one was asked for, it must be there. */
    static void require() {
        CudaProbe.Result result = CudaProbe.probe();
        if (CudaLoader.emulationAllowed()) {
            assertThat(result.reason()).isEmpty();
            assertThat(result.deviceName()).startsWith("emulated");
        }
        if (!result.usable()) {
            String reason = CudaLoader.isOnClassPath()
                    ? "no usable CUDA device: " + result.reason()
                    : "native library not built: mvn -Pemulated verify";
            System.out.println("skipped: " + reason);
            abort(reason);
        }
    }
}
