package io.github.slicedscore.backend;

import java.util.Map;
import java.util.stream.Collectors;

/** A backend that was asked for can't work on this machine, or none can compute in the precision that was asked for. */
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

    /**
     * With what is missing for each backend.
     *
     * @param precision what was asked for
     * @param statuses reason and remedy by the backend's name
     */
    BackendUnavailableException(Precision precision, Map<String, BackendStatus.Unavailable> statuses) {
        super("no backend can compute in " + precision.id() + " here: "
                + statuses.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue().reason() + "; "
                                + entry.getValue().remedy())
                        .collect(Collectors.joining(". ")));
    }
}
