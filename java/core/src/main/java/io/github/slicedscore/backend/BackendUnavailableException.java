package io.github.slicedscore.backend;

/** A backend was asked for by name and can't work on this machine. */
public final class BackendUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With the two halves of the message.
     *
     * @param name the backend
     * @param status reason and remedy
     */
    public BackendUnavailableException(String name, BackendStatus.Unavailable status) {
        super("backend " + name + " can't be used here: " + status.reason() + "; " + status.remedy());
    }
}
