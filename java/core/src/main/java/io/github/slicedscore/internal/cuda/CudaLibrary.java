package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.model.Activation;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions of native/include/slicedscore.h, by their C names; the header says what each does.
 *
 * <p>Nothing here loads the library: {@link CudaLoader#load} comes first.
 */
@Platform(value = "linux-x86_64", include = "slicedscore.h", link = "slicedscore", extension = "-cuda")
@NoException
final class CudaLibrary {
    /** SS_ABI_VERSION of the header that this class was written for. */
    static final int ABI_VERSION = 2;

    static final int SS_OK = 0;
    static final int SS_INVALID_ARGUMENT = 1;
    static final int SS_OUT_OF_MEMORY = 2;
    static final int SS_NO_DRIVER = 3;
    static final int SS_DRIVER_TOO_OLD = 4;
    static final int SS_NO_DEVICE = 5;
    static final int SS_NO_KERNEL = 6;
    static final int SS_CUDA_ERROR = 7;
    static final int SS_CUDA_FATAL = 8;
    static final int SS_INTERNAL = 9;

    private CudaLibrary() {}

    /** The code of an activation: SS_SOFTPLUS to SS_RELU. */
    static int code(Activation activation) {
        return switch (activation) {
            case SOFTPLUS -> 0;
            case TANH -> 1;
            case SILU -> 2;
            case GELU -> 3;
            case SIGMOID -> 4;
            case SIN -> 5;
            case ELU -> 6;
            case RELU -> 7;
        };
    }

    static native int ss_abi_version();

    static native int ss_is_emulated();

    static native String ss_last_error();

    static native int ss_device_count(int[] count);

    static native int ss_device_name(int device, @Cast("char*") byte[] name, long capacity);

    static native int ss_device_check(int device);
}
