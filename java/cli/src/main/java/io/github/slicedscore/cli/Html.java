package io.github.slicedscore.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes a page of HTML, and SVG in it. Texts and the values of attributes are escaped and every element is closed, so nothing that
 * comes from a file can become markup. Names of elements and attributes are those of the program.
 */
final class Html {
    /** Elements within a line of text, after which no line is broken. */
    private static final Set<String> INLINE = Set.of("a", "b", "code", "span", "strong");

    private final StringBuilder text = new StringBuilder("<!DOCTYPE html>\n");
    private final Deque<String> open = new ArrayDeque<>();

    /** Begins an element; attributes are names and values in turn. */
    Html open(String name, String... attributes) {
        tag(name, attributes);
        text.append('>');
        open.push(name);
        return this;
    }

    /** Ends the element that was begun last. */
    Html close() {
        String name = open.pop();
        text.append("</").append(name).append('>');
        breakAfter(name);
        return this;
    }

    /** An element without content. */
    Html empty(String name, String... attributes) {
        tag(name, attributes);
        text.append("/>");
        breakAfter(name);
        return this;
    }

    /** An element that holds a text. */
    Html leaf(String name, String content, String... attributes) {
        return open(name, attributes).text(content).close();
    }

    Html text(String content) {
        escape(content);
        return this;
    }

    /** A style sheet of the program's own, which is not escaped. */
    Html style(String sheet) {
        if (sheet.contains("<")) {
            throw new IllegalArgumentException("a style sheet would end at its '<'");
        }
        text.append("<style>\n").append(sheet).append("</style>\n");
        return this;
    }

    /** The page, all of whose elements must be closed. */
    String page() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements are not closed: " + open);
        }
        return text.toString();
    }

    private void tag(String name, String... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            text.append('"');
        }
    }

    private void breakAfter(String name) {
        if (!INLINE.contains(name)) {
            text.append('\n');
        }
    }

    /** Control characters, which HTML forbids, become the replacement character. */
    private void escape(String content) {
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
    }
}
