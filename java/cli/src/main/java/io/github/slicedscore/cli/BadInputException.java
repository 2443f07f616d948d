package io.github.slicedscore.cli;

/** Something that the user gave cannot be used; the message names it and the mend. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }
}
