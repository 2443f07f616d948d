package io.github.slicedscore.cuda;

/**
 * An error after which CUDA refuses all further work of this process. The backend refuses it, too, with the same reason; its
 * scorers go on with the processor, in {@link io.github.slicedscore.backend.Precision#FP32} whatever theirs was, as far as their
 * rows lie on the host. A new process can use the device again.
 */
public final class CudaFatalException extends CudaException {
    private static final long serialVersionUID = 1L;

    /**
     * With the native library's message.
     *
     * @param message what failed
     */
    public CudaFatalException(String message) {
        super(message);
    }
}
