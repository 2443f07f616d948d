package io.github.slicedscore.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.function.Supplier;

/**
 * Stderr: where a line begins with "note:" or "warning:", that word is coloured. A terminal gets no control characters from files.
 */
final class Talk extends FilterWriter {
    private static final List<String> WORDS = List.of("note:", "warning:");

    private final Supplier<Colors> colors;
    private boolean lineBegins = true;

    private Talk(Writer out, Supplier<Colors> colors) {
        super(out);
        this.colors = colors;
    }

    /** A writer that flushes its lines. */
    static PrintWriter to(Writer out, Supplier<Colors> colors) {
        return new PrintWriter(new Talk(out, colors), true);
    }

    @Override
    public void write(int c) throws IOException {
        out.write(c);
        lineBegins = c == '\n';
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        write(new String(text, offset, length), 0, length);
    }

    /** A print is one call, so that a word is never torn apart. */
    @Override
    public void write(String text, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        String part = ControlCharacters.replaced(text.substring(offset, offset + length));
        if (lineBegins) {
            for (String word : WORDS) {
                if (part.startsWith(word)) {
                    part = colors.get().warning(word) + part.substring(word.length());
                }
            }
        }
        out.write(part);
        lineBegins = part.endsWith("\n");
    }
}
