package io.github.slicedscore.internal.cuda;

/** A call of the native library failed. What it worked on is lost; the device can be used further. */
public class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The status that the library returned; one of the SS_ constants of slicedscore.h. */
    private final int status;

    CudaException(int status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * The status that the library returned.
     *
     * @return one of the SS_ constants of slicedscore.h
     */
    public int status() {
        return status;
    }

    /**
     * Passes a successful status and throws for any other.
     *
     * @param status what a function of {@link CudaLibrary} returned to this thread just now
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
            default -> new CudaException(status, message);
        };
    }
}
