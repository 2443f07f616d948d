package io.github.slicedscore.backend;

/** A backend's kernels do not know what it was asked for; another backend may. The message names it. */
public final class NotSupportedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * With the reason.
     *
     * @param message what is not supported, by name
     */
    public NotSupportedException(String message) {
        super(message);
    }
}
