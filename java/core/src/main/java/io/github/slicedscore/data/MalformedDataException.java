package io.github.slicedscore.data;

import io.github.slicedscore.internal.text.Shown;
import java.io.IOException;

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
