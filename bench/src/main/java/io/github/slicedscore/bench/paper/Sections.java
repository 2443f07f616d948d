package io.github.slicedscore.bench.paper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Markdown file whose sections are written one by one, each by the program that measured it. */
final class Sections {
    private Sections() {}

    /**
     * Writes a section, in place of the one of the same title or behind all others.
     *
     * @param file the file, which is made if there is none
     * @param title without its ##
     * @param text of the section
     */
    static void replace(Path file, String title, String text) throws IOException {
        String head = "## " + title + "\n";
        String section = head + "\n" + text.strip() + "\n";
        String before = Files.exists(file) ? Files.readString(file) : "# The paper's experiments, repeated\n";
        int from = before.indexOf("\n" + head) + 1;
        if (from == 0) {
            Files.writeString(file, before.stripTrailing() + "\n\n" + section);
            return;
        }
        int next = before.indexOf("\n## ", from);
        String rest = next < 0 ? "" : "\n" + before.substring(next + 1);
        Files.writeString(file, before.substring(0, from) + section + rest);
    }
}
