package io.github.slicedscore.backend;

/**
 * The open door for backends: implementations are found by {@link java.util.ServiceLoader}, ranked, and asked whether they
 * would work here.
 */
public interface BackendProvider {
    /**
     * Name as on the command line.
     *
     * @return "cpu" for example
     */
    String name();

    /**
     * Position in the search for the fastest: the highest that is available is taken.
     *
     * @return 0 for the processor, more for what is faster
     */
    int priority();

    /**
     * How many devices {@link BackendOptions#device} chooses from; cheap, and never throws.
     *
     * @return 1 where there is no choice, and where there is no device: {@link #status} then says why
     */
    default int devices() {
        return 1;
    }

    /**
     * Whether this backend would work on this machine; cheap, and never throws.
     *
     * @param options threads, device and precision
     * @return available, or why not and what would mend it: also where it works, but not in this precision
     */
    BackendStatus status(BackendOptions options);

    /**
     * Opens the backend.
     *
     * @param options threads, device and precision
     * @return an open backend
     * @throws BackendUnavailableException if it can't work here
     */
    Backend open(BackendOptions options);
}
