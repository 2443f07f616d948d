package io.github.slicedscore.backend;

/** Whether a backend would work on this machine. */
public sealed interface BackendStatus {
    /**
     * It would.
     *
     * @param description what would compute: kernel set, threads, device
     * @param hint why not something faster and what would help, or empty
     */
    record Available(String description, String hint) implements BackendStatus {}

    /**
     * It would not.
     *
     * @param reason what is missing
     * @param remedy what would mend it
     * @param surprising whether the machine looks as if it should work, so that people will want to know
     */
    record Unavailable(String reason, String remedy, boolean surprising) implements BackendStatus {}
}
