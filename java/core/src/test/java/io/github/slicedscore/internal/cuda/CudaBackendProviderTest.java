package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.BackendStatus;
import io.github.slicedscore.backend.BackendUnavailableException;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.Scorer;
import io.github.slicedscore.backend.TrainingRun;
import io.github.slicedscore.contract.TrainingCase;
import io.github.slicedscore.cuda.DeviceBackend;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said where the backend was asked for and can't be used, and what auto takes. */
@ExtendWith(NothingIsLeft.class)
class CudaBackendProviderTest {
    private static final int NO_KERNEL_IMAGE = 209;
    private static final int INSUFFICIENT_DRIVER = 35;

    private static void assertUnavailable(int device, String reason, String remedy) {
        assertThatThrownBy(() -> Backends.open("cuda", new BackendOptions(0, device)))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("backend cuda can't be used here: ")
                .hasMessageContaining(reason)
                .hasMessageContaining(remedy);
    }

    @Test
    void withoutDeviceOrLibraryItSaysWhichIsMissing() {
        CudaProbe.Result found = CudaProbe.probe();
        assumeFalse(found.usable(), "there is a device");
        assertUnavailable(0, found.reason(), found.remedy());
        assertThat(new CudaBackendProvider().status(new BackendOptions()))
                .isEqualTo(new BackendStatus.Unavailable(found.reason(), found.remedy(), found.hardware()));
        try (Backend backend = Backends.auto()) {
            assertThat(backend.name()).isEqualTo("cpu");
        }
    }

    @Test
    void theEmulatedLibraryNeedsPermission() {
        String before = System.getProperty(CudaLoader.EMULATION_PROPERTY);
        System.clearProperty(CudaLoader.EMULATION_PROPERTY);
        try {
            CudaLoader.Failure failure = CudaLoader.otherDevice(true);
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).contains("emulated device");
        } finally {
            if (before != null) {
                System.setProperty(CudaLoader.EMULATION_PROPERTY, before);
            }
        }
    }

    @Test
    void everyReasonHasARemedy() {
        EmulationControl.require();
        try {
            assertUnavailable(7, "there is no device 7", "0");
            EmulationControl.set("count-error", INSUFFICIENT_DRIVER);
            EmulationControl.set("driver", 0);
            assertUnavailable(0, "no NVIDIA driver is loaded", "install the NVIDIA driver");
            EmulationControl.set("driver", 11040);
            assertUnavailable(0, "supports CUDA up to 11.4", "update the NVIDIA driver");
            EmulationControl.set("count-error", 0);
            EmulationControl.set("devices", 0);
            assertUnavailable(0, "no CUDA-capable device", "nvidia-smi");
            EmulationControl.set("devices", 1);
            // The third call is the one that asks for a kernel.
            EmulationControl.set("fail-code", NO_KERNEL_IMAGE);
            EmulationControl.set("fail", 3);
            assertUnavailable(0, "no kernel image", "compute capability 7.5");
        } finally {
            EmulationControl.set("count-error", 0);
            EmulationControl.set("driver", 13000);
            EmulationControl.set("devices", 1);
            EmulationControl.reset();
        }
    }

    @Test
    void theDeviceIsNamed() {
        NativeLibrary.require();
        try (DeviceBackend backend = DeviceBackend.open(0)) {
            String name = CudaProbe.probe().deviceName();
            assertThat(backend.name()).isEqualTo("cuda");
            assertThat(backend.description())
                    .matches("fp32 (\\(tf32x3 on tensor cores\\) )?CUDA kernels, .*, device 0, [0-9.]+ GiB")
                    .contains(name);
            assertThat(backend.kernels()).matches("cuda-fp32-[a-z0-9_-]+[a-z0-9]");
            if (CudaLoader.emulationAllowed()) {
                assertThat(backend.kernels()).isEqualTo("cuda-fp32-emulated-sm_90");
            }
            BackendStatus status = new CudaBackendProvider().status(new BackendOptions());
            assertThat(status).isEqualTo(new BackendStatus.Available(backend.description(), ""));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sm_75 | FP32 | fp32 CUDA kernels
                    sm_80 | FP32 | fp32 (tf32x3 on tensor cores) CUDA kernels
                    sm_86 | FP32 | fp32 CUDA kernels
                    sm_90 | FP32 | fp32 (tf32x3 on tensor cores) CUDA kernels
                    sm_86 | TF32 | tf32 (on tensor cores) CUDA kernels
                    sm_90 | BF16 | bf16 (on tensor cores) CUDA kernels
                    """)
    void theArithmeticIsTheDevices(String profile, Precision precision, String words) {
        EmulationControl.require();
        EmulationControl.set("profile", profile);
        try (DeviceBackend backend = DeviceBackend.open(0, precision)) {
            assertThat(backend.description()).startsWith(words + ", emulated (" + profile + "), device 0, ");
            assertThat(backend.kernels()).isEqualTo("cuda-" + precision.id() + "-emulated-" + profile);
            assertThat(new CudaBackendProvider().status(new BackendOptions(0, 0, precision)))
                    .isEqualTo(new BackendStatus.Available(backend.description(), ""));
        } finally {
            EmulationControl.set("profile", "sm_90");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void aPrecisionThatTheDeviceLacksIsRefused(Precision precision) {
        EmulationControl.require();
        EmulationControl.set("profile", "sm_75");
        try {
            String reason = precision.id() + " needs a device of compute capability 8.0 or newer, device 0 has 7.5";
            assertThatThrownBy(() -> DeviceBackend.open(0, precision))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("backend cuda can't be used here: ")
                    .hasMessageContaining(reason)
                    .hasMessageContaining("--precision fp32, or another GPU by --device");
            assertThatThrownBy(() -> Backends.auto(new BackendOptions().withPrecision(precision)))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("no backend can compute in " + precision.id() + " here: cuda: ")
                    .hasMessageContaining(reason)
                    .hasMessageContaining("cpu: the processor's kernels compute in fp32 alone");
            assertThat(new CudaBackendProvider().status(new BackendOptions()))
                    .isInstanceOf(BackendStatus.Available.class);
        } finally {
            EmulationControl.set("profile", "sm_90");
        }
    }

    @Test
    void whatNoBackendKnowsInAPrecisionIsRefusedWithBothReasons() {
        NativeLibrary.open(Precision.TF32).close();
        Architecture deep = new ScoreMlp(1, 0, Collections.nCopies(16, 2), Activation.TANH);
        try (Backend backend = Backends.auto(new BackendOptions().withPrecision(Precision.TF32))) {
            assertThatThrownBy(() -> backend.openScorer(deep, Parameters.initialize(deep, 1)))
                    .isInstanceOf(NotSupportedException.class)
                    .hasMessageContaining("at most 15 hidden layers, not 16")
                    .hasMessageContaining("the processor's kernels compute in fp32 alone");
            assertThat(backend.name()).isEqualTo("cuda");
        }
    }

    @Test
    void allDevicesAreCounted() {
        EmulationControl.require();
        CudaBackendProvider provider = new CudaBackendProvider();
        try {
            for (int count : new int[] {1, 3}) {
                EmulationControl.set("devices", count);
                assertThat(provider.devices()).isEqualTo(count);
            }
            EmulationControl.set("devices", 0);
            assertThat(provider.devices())
                    .as("one, which says why it is not there")
                    .isEqualTo(1);
        } finally {
            EmulationControl.set("devices", 1);
        }
    }

    @Test
    void autoTakesTheDeviceUntilItsKernelsDoNotDo() {
        NativeLibrary.require();
        Architecture small = new ScoreMlp(1, 0, Collections.nCopies(15, 2), Activation.TANH);
        Architecture deep = new ScoreMlp(1, 0, Collections.nCopies(16, 2), Activation.TANH);
        try (Backend backend = Backends.auto();
                TrainingRun run = TrainingCase.plain().open(backend);
                Scorer first = backend.openScorer(small, Parameters.initialize(small, 1))) {
            assertThat(backend.name()).isEqualTo("cuda");
            first.evaluate(new float[1], 1, null, new float[1]);
            try (Scorer second = backend.openScorer(deep, Parameters.initialize(deep, 1))) {
                second.evaluate(new float[1], 1, null, new float[1]);
            }
            assertThat(backend.name()).isEqualTo("cpu");
            assertThat(backend.kernels()).startsWith("cpu-");
            assertThat(run.kernels()).startsWith("cuda-");
            first.evaluate(new float[1], 1, null, new float[1]);
        }
    }
}
