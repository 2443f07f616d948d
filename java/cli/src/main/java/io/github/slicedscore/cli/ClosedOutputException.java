package io.github.slicedscore.cli;

import java.io.IOException;

/** Whoever read what a command prints has gone, as {@code head} does after its lines: no failure, but no use in going on. */
final class ClosedOutputException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What shells report of a program that the signal SIGPIPE ended: 128 + 13. */
    static final int EXIT_CODE = 141;

    ClosedOutputException(IOException cause) {
        super("nobody reads the output any more", cause);
    }
}
