package io.github.slicedscore;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a class logs, kept from the console. */
@SuppressWarnings("exports") // the module that tests are patched into does not require java.logging for others
public final class CapturedLog extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    /**
     * Of a class.
     *
     * @param of the class
     */
    public CapturedLog(Class<?> of) {
        this(of.getName());
    }

    /**
     * Of a class that is not public.
     *
     * @param name of its logger
     */
    public CapturedLog(String name) {
        logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        records.add(entry);
    }

    /**
     * Everything.
     *
     * @return in order
     */
    public List<LogRecord> records() {
        return records;
    }

    /**
     * Each message behind its level.
     *
     * @return in order
     */
    public List<String> lines() {
        return records.stream()
                .map(entry -> entry.getLevel() + " " + new SimpleFormatter().formatMessage(entry))
                .toList();
    }

    /**
     * Messages of warnings, and of what is worse.
     *
     * @return in order
     */
    public List<String> warnings() {
        return records.stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(new SimpleFormatter()::formatMessage)
                .toList();
    }

    /** Forgets what was logged. */
    public void clear() {
        records.clear();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
