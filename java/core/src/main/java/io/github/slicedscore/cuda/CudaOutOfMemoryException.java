package io.github.slicedscore.cuda;

/**
 * The device has not enough free memory; the message says how much was wanted, how much is free and how many rows would fit.
 * Nothing was done. Not an Error: the JVM's own memory is fine.
 */
public final class CudaOutOfMemoryException extends CudaException {
    private static final long serialVersionUID = 1L;

    /**
     * With the native library's message.
     *
     * @param message what was wanted and what is there
     */
    public CudaOutOfMemoryException(String message) {
        super(message);
    }
}
