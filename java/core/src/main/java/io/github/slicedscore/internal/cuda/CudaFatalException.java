package io.github.slicedscore.internal.cuda;

/** An error after which CUDA refuses all further work of this process. */
public final class CudaFatalException extends CudaException {
    private static final long serialVersionUID = 1L;

    CudaFatalException(String message) {
        super(CudaLibrary.SS_CUDA_FATAL, message);
    }
}
