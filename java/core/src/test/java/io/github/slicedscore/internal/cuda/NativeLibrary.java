package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.Precision;

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
            String reason = NativeFiles.areOnClassPath()
                    ? "no usable CUDA device: " + result.reason()
                    : "native library not built: mvn -Pemulated verify";
            System.out.println("skipped: " + reason);
            abort(reason);
        }
    }

    /** The first device in single precision; skips where there is none. */
    static CudaBackend open() {
        return open(Precision.FP32);
    }

    /** The first device; skips where there is none, or it lacks the precision. */
    static CudaBackend open(Precision precision) {
        require();
        CudaProbe.Result found = CudaProbe.probe(0, precision);
        assumeTrue(found.usable(), found.reason());
        return (CudaBackend) Backends.open("cuda", new BackendOptions().withPrecision(precision));
    }

    static long liveHandles() {
        long[] count = new long[1];
        CudaStatus.check(CudaLibrary.ss_live_handles(count));
        return count[0];
    }

    static long liveBytes() {
        long[] bytes = new long[1];
        CudaStatus.check(CudaLibrary.ss_live_bytes(bytes));
        return bytes[0];
    }
}
