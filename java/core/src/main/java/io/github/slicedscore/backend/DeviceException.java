package io.github.slicedscore.backend;

/**
 * A device failed at work that it had taken on. Training runs that it happened to are lost, and go on from their last checkpoints
 * in new ones: see {@code Trainer.onDeviceFailure}.
 */
public abstract class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With what the device's library says.
     *
     * @param message what failed
     */
    protected DeviceException(String message) {
        super(message);
    }
}
