package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether CUDA can be used on this machine and, if not, why and what would mend it.
 *
 * <p>The cheapest question is asked first: without an NVIDIA device file nothing native is loaded, and the answer comes
 * within milliseconds.
 */
public final class CudaProbe {
    /** What the NVIDIA driver leaves in the file system; the last is what Windows shows to Linux under WSL. */
    private static final List<Path> DEVICE_FILES =
            List.of(Path.of("/dev/nvidiactl"), Path.of("/proc/driver/nvidia/version"), Path.of("/dev/dxg"));

    private static final int NAME_CAPACITY = 256;

    private CudaProbe() {}

    /**
     * The answer.
     *
     * @param usable whether CUDA can be used
     * @param hardware whether there are signs of NVIDIA hardware, so that a "no" may surprise
     * @param reason why not, or empty
     * @param remedy what would mend it, or empty
     * @param deviceName the device's name, or empty
     * @param arithmetic what it computes products with: ffma, tf32x3, tf32 or bf16; or empty
     */
    public record Result(
            boolean usable, boolean hardware, String reason, String remedy, String deviceName, String arithmetic) {}

    /**
     * Looks at device 0.
     *
     * @return the answer; never throws
     */
    public static Result probe() {
        return probe(0);
    }

    /**
     * Looks at a device.
     *
     * @param device its number
     * @return the answer for single precision; never throws
     */
    public static Result probe(int device) {
        return probe(device, Precision.FP32);
    }

    /**
     * Looks at a device.
     *
     * @param device its number
     * @param precision what it is to compute in
     * @return the answer; never throws
     */
    public static Result probe(int device, Precision precision) {
        return probe(device, precision, DEVICE_FILES);
    }

    /**
     * How many devices there are.
     *
     * @return 1 where there are none or none can be used: the answer for device 0 then says why; never throws
     */
    public static int devices() {
        int[] count = new int[1];
        boolean usable = probe().usable() && CudaLibrary.ss_device_count(count) == CudaLibrary.SS_OK;
        return usable ? count[0] : 1;
    }

    static Result probe(int device, Precision precision, List<Path> deviceFiles) {
        if (!CudaLoader.emulationAllowed()) {
            String os = System.getProperty("os.name", "");
            String architecture = System.getProperty("os.arch", "");
            if (!os.toLowerCase(Locale.ROOT).contains("linux") || !architecture.equals("amd64")) {
                return no(
                        false,
                        "CUDA is supported on linux-x86_64 only, this is " + os + " on " + architecture,
                        "use the CPU");
            }
            if (deviceFiles.stream().noneMatch(Files::exists)) {
                return no(
                        false,
                        "no NVIDIA device is visible (there is no "
                                + deviceFiles.stream().map(Path::toString).collect(Collectors.joining(", nor "))
                                + ")",
                        "install an NVIDIA GPU and its driver; in a container, pass the GPU in (docker run --gpus all)");
            }
        }
        CudaLoader.Failure failure = CudaLoader.load();
        if (failure != null) {
            return no(true, failure.reason(), failure.remedy());
        }
        int[] count = new int[1];
        int status = CudaLibrary.ss_device_count(count);
        if (status != CudaLibrary.SS_OK) {
            return no(true, CudaLibrary.ss_last_error(), remedy(status));
        }
        if (device < 0 || device >= count[0]) {
            return no(
                    true,
                    "there is no device " + device,
                    count[0] == 1 ? "the only one is 0" : "choose one of 0 to " + (count[0] - 1));
        }
        byte[] name = new byte[NAME_CAPACITY];
        status = CudaLibrary.ss_device_name(device, name, name.length);
        if (status == CudaLibrary.SS_OK) {
            status = CudaLibrary.ss_device_check(device);
        }
        if (status != CudaLibrary.SS_OK) {
            return no(true, CudaLibrary.ss_last_error(), remedy(status));
        }
        byte[] arithmetic = new byte[NAME_CAPACITY];
        int code = NativeStructs.code(precision);
        status = CudaLibrary.ss_device_arithmetic(device, code, arithmetic, arithmetic.length);
        if (status != CudaLibrary.SS_OK) {
            return status == CudaLibrary.SS_INVALID_ARGUMENT
                    ? no(false, CudaLibrary.ss_last_error(), "--precision fp32, or another GPU by --device")
                    : no(true, CudaLibrary.ss_last_error(), remedy(status));
        }
        return new Result(true, true, "", "", text(name), text(arithmetic));
    }

    private static Result no(boolean hardware, String reason, String remedy) {
        return new Result(false, hardware, reason, remedy, "", "");
    }

    private static String remedy(int status) {
        return switch (status) {
            case CudaLibrary.SS_NO_DRIVER -> "install the NVIDIA driver, or load its kernel module";
            case CudaLibrary.SS_DRIVER_TOO_OLD -> "update the NVIDIA driver";
            case CudaLibrary.SS_NO_DEVICE -> "look at nvidia-smi, and at CUDA_VISIBLE_DEVICES";
            case CudaLibrary.SS_NO_KERNEL ->
                "use a device of compute capability 7.5 or newer, or build the native library for this one";
            default -> "look at nvidia-smi and the system log";
        };
    }

    private static String text(byte[] zeroEnded) {
        int length = 0;
        while (length < zeroEnded.length && zeroEnded[length] != 0) {
            length++;
        }
        return new String(zeroEnded, 0, length, StandardCharsets.UTF_8);
    }
}
