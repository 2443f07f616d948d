package io.github.slicedscore.cli;

import java.util.regex.Pattern;

/**
 * Control characters of other people's text, such as a column's name, which would move a terminal's cursor, rename its window or
 * hide what stands there. JSON, HTML and CSV have their own ways with them.
 */
final class ControlCharacters {
    private static final String REPLACEMENT = "\uFFFD";

    /** All but line ends, tabs, and the sequences that colour text ({@link Colors}) or erase a line ({@link StatusLine}). */
    private static final Pattern HARMFUL =
            Pattern.compile("\\x1B(?!\\[[0-9;]*[mK])|[\\x00-\\x1F\\x7F-\\x9F&&[^\\n\\r\\t\\x1B]]");

    private ControlCharacters() {}

    /** The text with a replacement character for each that a terminal would obey. */
    static String replaced(String text) {
        return HARMFUL.matcher(text).replaceAll(REPLACEMENT);
    }
}
