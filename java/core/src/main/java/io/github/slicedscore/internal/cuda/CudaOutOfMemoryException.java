package io.github.slicedscore.internal.cuda;

/** The device has not enough free memory. Not an Error: the JVM's own memory is fine. */
public final class CudaOutOfMemoryException extends CudaException {
    private static final long serialVersionUID = 1L;

    CudaOutOfMemoryException(String message) {
        super(CudaLibrary.SS_OUT_OF_MEMORY, message);
    }
}
