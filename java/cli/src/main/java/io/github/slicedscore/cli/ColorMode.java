package io.github.slicedscore.cli;

import java.util.Locale;
import java.util.Map;

/** The value of {@code --color}. */
enum ColorMode {
    /** On terminals, unless NO_COLOR is set or the terminal is a dumb one. */
    AUTO,
    /** Everywhere, files that the shell redirects to included. */
    ALWAYS,
    /** Nowhere. */
    NEVER;

    /** The name on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether to print in colour.
     *
     * @param terminal whether it goes to a terminal
     * @param environment variables of the environment
     */
    boolean colours(boolean terminal, Map<String, String> environment) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        };
    }
}
