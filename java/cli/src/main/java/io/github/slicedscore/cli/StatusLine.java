package io.github.slicedscore.cli;

import java.io.PrintWriter;

/** A line that says how far something is: drawn again in place on a terminal, printed anew every few seconds elsewhere. */
final class StatusLine {
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;

    private final PrintWriter err;
    private final boolean live;
    private long shown = System.nanoTime();
    private int length;

    StatusLine(PrintWriter err) {
        this(err, Terminal.err());
    }

    StatusLine(PrintWriter err, boolean live) {
        this.err = err;
        this.live = live;
    }

    /** Whether it is drawn in place. */
    boolean isLive() {
        return live;
    }

    /** Whether the last line is old enough to be followed by another. */
    boolean isDue() {
        return System.nanoTime() - shown >= (live ? REDRAW_NANOS : LINE_NANOS);
    }

    /** Starts the time until the next line is due. */
    void reset() {
        shown = System.nanoTime();
    }

    void show(String text) {
        shown = System.nanoTime();
        if (live) {
            err.print("\r" + text + " ".repeat(Math.max(0, length - text.length())));
            length = text.length();
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Leaves the line, if there is one. */
    void finish() {
        if (live && length > 0) {
            err.println();
            length = 0;
        }
        err.flush();
    }
}
