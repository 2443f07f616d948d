package io.github.slicedscore.cli;

/** What the launcher found out about the terminal, because Java cannot: it sets these properties. */
final class Terminal {
    private Terminal() {}

    /** Whether stdout is a terminal. */
    static boolean out() {
        return Boolean.getBoolean("slicedscore.terminal.out");
    }

    /** Whether stderr is a terminal. */
    static boolean err() {
        return Boolean.getBoolean("slicedscore.terminal.err");
    }

    /** Characters a line of help may take: those of the terminal, but no more than read well. */
    static int columns() {
        return Math.max(60, Math.min(110, Integer.getInteger("slicedscore.terminal.columns", 80)));
    }
}
