package io.github.slicedscore.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Colours for words of people's text. Data, JSON and files never get any. */
final class Colors {
    private final Ansi ansi;

    private Colors(Ansi ansi) {
        this.ansi = ansi;
    }

    static Colors on(boolean wanted) {
        return new Colors(wanted ? Ansi.ON : Ansi.OFF);
    }

    /** Those of stdout, as {@code --color} and the terminal have it. */
    static Colors out(CommandSpec spec) {
        return new Colors(spec.commandLine().getColorScheme().ansi());
    }

    /** Gives a command and its subcommands the colours of help, which goes to stdout. */
    void applyTo(CommandLine command) {
        command.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
    }

    String good(String text) {
        return styled("32", text);
    }

    String bad(String text) {
        return styled("1;31", text);
    }

    String warning(String text) {
        return styled("33", text);
    }

    String heading(String text) {
        return styled("1", text);
    }

    /** By escape sequences of ECMA-48, section 8.3.117; not by picocli's markup, which would read the text's own at signs. */
    private String styled(String style, String text) {
        return ansi.enabled() ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }
}
