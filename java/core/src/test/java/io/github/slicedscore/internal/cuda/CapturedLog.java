package io.github.slicedscore.internal.cuda;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a class logs from a level on, warnings by default, kept from the console. */
final class CapturedLog extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Level least;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    CapturedLog(Class<?> of) {
        this(of.getName(), Level.WARNING);
    }

    CapturedLog(String name, Level least) {
        this.least = least;
        logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= least.intValue()) {
            records.add(entry);
        }
    }

    List<LogRecord> records() {
        return records;
    }

    List<String> warnings() {
        return messages();
    }

    List<String> messages() {
        return records.stream().map(new SimpleFormatter()::formatMessage).toList();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
