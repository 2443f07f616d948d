package io.github.slicedscore.cuda;

import io.github.slicedscore.backend.DeviceException;

/**
 * A call of the native library failed; the message has its source line, the CUDA call, the sizes and CUDA's own words. A
 * training run that it happened to is lost, and goes on from its last checkpoint in a new run; scorers, the backend and the
 * device can be used further.
 */
public class CudaException extends DeviceException {
    private static final long serialVersionUID = 1L;

    /**
     * With the native library's message.
     *
     * @param message what failed
     */
    public CudaException(String message) {
        super(message);
    }
}
