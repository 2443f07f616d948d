package io.github.slicedscore.internal.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.backend.Precision;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingIsLeft.class)
class CudaProbeTest {
    @Test
    void answersWithoutNativeCodeWhereThereIsNoDeviceFile() {
        assumeFalse(CudaLoader.emulationAllowed(), "the emulated device needs no device file");
        List<Path> missing = List.of(Path.of("no-such-device-file"));
        CudaProbe.probe(0, Precision.FP32, missing);
        long start = System.nanoTime();
        CudaProbe.Result result = CudaProbe.probe(0, Precision.FP32, missing);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        assertThat(result.usable()).isFalse();
        assertThat(result.hardware()).isFalse();
        assertThat(result.reason()).contains("no-such-device-file");
        assertThat(result.remedy()).isNotEmpty();
        assertThat(milliseconds).isLessThan(50);
    }

    @Test
    void saysWhatIsMissingWhereOnlyTheNativeLibraryIs() {
        assumeFalse(NativeFiles.areOnClassPath(), "the native library is there");
        assumeFalse(CudaLoader.emulationAllowed(), "the native library should be there");
        CudaProbe.Result result = CudaProbe.probe(0, Precision.FP32, List.of(Path.of("/")));
        assertThat(result.usable()).isFalse();
        assertThat(result.hardware()).isTrue();
        assertThat(result.reason()).isEqualTo("the native library is not on the class path");
        assertThat(result.remedy()).contains("linux-x86_64-cuda");
    }

    @Test
    void theLibraryForRealDevicesLoadsWithoutADriverAndSaysSo() {
        assumeTrue(NativeFiles.areOnClassPath(), "native library not built: mvn -Pcuda verify");
        assumeFalse(CudaLoader.emulationAllowed(), "the emulated device needs no driver");
        assumeFalse(CudaProbe.probe().hardware(), "there is NVIDIA hardware");
        CudaProbe.Result result = CudaProbe.probe(0, Precision.FP32, List.of(Path.of("/")));
        assertThat(result.usable()).isFalse();
        assertThat(result.reason()).isEqualTo("no NVIDIA driver is loaded");
        assertThat(result.remedy()).contains("driver");
    }

    @Test
    void namesTheDevice() {
        NativeLibrary.require();
        CudaProbe.Result result = CudaProbe.probe();
        assertThat(result.deviceName()).isNotEmpty();
        assertThat(CudaProbe.probe(1000).reason()).contains("no device 1000");
        assertThat(CudaProbe.probe(-1).usable()).isFalse();
    }
}
