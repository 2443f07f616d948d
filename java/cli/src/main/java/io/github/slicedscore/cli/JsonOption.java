package io.github.slicedscore.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether a command prints what it found as text for people or as one JSON object; a {@link Mixin}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean given;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    boolean given() {
        return given;
    }

    /** Prints the one or the other on stdout. */
    void print(Supplier<String> text, Supplier<String> json) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(given ? json.get() : ControlCharacters.replaced(text.get()));
        Stdout.requireWritten(out);
    }
}
