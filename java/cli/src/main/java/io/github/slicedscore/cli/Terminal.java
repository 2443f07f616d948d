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

    /** Characters a line of help may take: those of the terminal, if it says how many they are, but no more than read well. */
    static int columns() {
        int columns = Integer.getInteger("slicedscore.terminal.columns", 0);
        return columns == 0 ? 80 : Math.max(60, Math.min(110, columns));
    }
}
