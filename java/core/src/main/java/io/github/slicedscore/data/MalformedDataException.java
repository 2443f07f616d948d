package io.github.slicedscore.data;

import io.github.slicedscore.internal.text.Shown;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A data file that cannot be used; the message names file, line and column where there is one, and the mend, in one line that may be
 * shown.
 */
public final class MalformedDataException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A fault in a file.
     *
     * @param message what is wrong, where, and what to do about it
     */
    public MalformedDataException(String message) {
        super(Shown.message(message));
    }

    /** A table that does not fit, where no estimate said so before: it becomes dense towards its end, or has long records. */
    static MalformedDataException tooLarge(Path file, OutOfMemoryError cause) {
        return new MalformedDataException(
                ("%s takes more memory than Java has, %.1f GB; allow it more with -Xmx, keep fewer columns, or make a file of"
                                + " it with 'slicedscore convert', which takes no memory when it is read")
                        .formatted(file, Runtime.getRuntime().maxMemory() / 1e9),
                cause);
    }

    /**
     * A fault in a file that a parser found.
     *
     * @param message what is wrong, where, and what to do about it
     * @param cause the parser's exception
     */
    public MalformedDataException(String message, Throwable cause) {
        super(Shown.message(message), cause);
    }
}
