package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions of native/emulation/include/emulation/control.h, which the emulation exports for tests.
 *
 * <p>The emulation is the libcudart.so.13 that was loaded along with the emulated library; {@code #} says to load none anew.
 */
@Platform(value = "linux-x86_64", include = "emulation/control.h", link = "cudart@.13#", extension = "-cuda")
@NoException
final class EmulationControl {
    /** Bytes of a device, by default. */
    static final long MEMORY = 4L << 30;

    private static final List<String> HANDED_OUT =
            List.of("device-allocations", "pinned-allocations", "streams", "events", "graphs", "graph-execs");

    private EmulationControl() {}

    private static native int ss_emulation_set(String name, String value);

    private static native long ss_emulation_counter(String name);

    private static native String ss_emulation_failed_call();

    private static native void ss_emulation_reset();

    /** Skips the test where the device is not the emulated one. */
    static void require() {
        assumeTrue(CudaLoader.emulationAllowed(), "for the emulated device: mvn -Pemulated verify");
        NativeLibrary.require();
        Loader.load(EmulationControl.class);
    }

    /** Of what the device's runtime hands out, memory, streams, events and graphs; nothing is said where it is not emulated. */
    static void assertNothingIsLeft() {
        if (CudaLoader.emulationAllowed()) {
            Loader.load(EmulationControl.class);
            for (String kind : HANDED_OUT) {
                assertThat(counter(kind)).as(kind + " not given back").isZero();
            }
        }
    }

    static void set(String name, long value) {
        set(name, Long.toString(value));
    }

    static void set(String name, String value) {
        assertThat(ss_emulation_set(name, value)).as(name).isZero();
    }

    static long counter(String name) {
        long value = ss_emulation_counter(name);
        assertThat(value).as(name).isNotNegative();
        return value;
    }

    /** Name of the runtime call that was made to fail, or empty. */
    static String failedCall() {
        return ss_emulation_failed_call();
    }

    /** The next runtime calls succeed again, as in a new process. */
    static void reset() {
        ss_emulation_reset();
    }
}
