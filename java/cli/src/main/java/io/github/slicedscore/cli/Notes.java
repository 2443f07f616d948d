package io.github.slicedscore.cli;

import io.github.slicedscore.backend.Backends;
import java.io.PrintWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Prints what the library logs as notes on stderr, one a line, while a command runs. */
final class Notes extends Handler implements AutoCloseable {
    // A logger that nobody holds may be collected, and its handlers with it.
    private static final Logger LOGGER = Logger.getLogger("io.github.slicedscore");

    private final PrintWriter err;

    private Notes(PrintWriter err) {
        this.err = err;
        setFormatter(new SimpleFormatter());
    }

    static Notes to(PrintWriter err) {
        Notes notes = new Notes(err);
        LOGGER.addHandler(notes);
        LOGGER.setUseParentHandlers(false);
        return notes;
    }

    /** Leaves out everything but warnings, up to the end of the command. */
    static void onlyWarnings() {
        LOGGER.setLevel(Level.WARNING);
    }

    @Override
    public void publish(LogRecord logged) {
        if (isLoggable(logged) && !isChoiceOfBackend(logged)) {
            err.println("note: " + getFormatter().formatMessage(logged));
        }
    }

    /** Why a faster backend was passed over is what {@code doctor} is for; here it would come with every command. */
    private static boolean isChoiceOfBackend(LogRecord logged) {
        return Backends.class.getName().equals(logged.getLoggerName())
                && logged.getLevel().intValue() < Level.WARNING.intValue();
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(null);
    }
}
