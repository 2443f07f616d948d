package io.github.slicedscore.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Input and output by channels in a thread that may be interrupted: an interrupt closes a channel under its user. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** What can be begun again. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does some work, again where an interrupt broke it off; the thread is interrupted afterwards if it was meanwhile. */
    static <T> T call(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
