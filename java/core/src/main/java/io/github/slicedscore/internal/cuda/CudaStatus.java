package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.cuda.CudaException;
import io.github.slicedscore.cuda.CudaFatalException;
import io.github.slicedscore.cuda.CudaOutOfMemoryException;

/** What a status of the native library means to Java. */
final class CudaStatus {
    private CudaStatus() {}

    /**
     * Passes a successful status and throws for any other.
     *
     * @param status what a function of {@link CudaLibrary} returned to this thread just now; the message is the thread's
     */
    static void check(int status) {
        if (status == CudaLibrary.SS_OK) {
            return;
        }
        String message = CudaLibrary.ss_last_error();
        throw switch (status) {
            case CudaLibrary.SS_INVALID_ARGUMENT -> new IllegalArgumentException(message);
            case CudaLibrary.SS_OUT_OF_MEMORY -> new CudaOutOfMemoryException(message);
            case CudaLibrary.SS_CUDA_FATAL -> new CudaFatalException(message);
            default -> new CudaException(message);
        };
    }
}
