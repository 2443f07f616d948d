package io.github.slicedscore.io;

import io.github.slicedscore.internal.text.Shown;
import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be; the message names the file, what is wrong with it, and the mend, in one line that may be shown. */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A fault in a file.
     *
     * @param file the file
     * @param fault what is wrong
     * @param mend what to do about it
     */
    public MalformedFileException(Path file, String fault, String mend) {
        super(Shown.message(file + ": " + fault + "; " + mend));
    }
}
