package io.github.slicedscore.internal.text;

import java.util.List;

/**
 * What a message shows of texts that come from files of strangers: not more than one reads, on one line, and nothing that a terminal
 * obeys, such as sequences that colour it or turn the direction of writing.
 */
public final class Shown {
    /** Characters of a message. */
    public static final int LONGEST_MESSAGE = 500;

    /** Of a message that is too long the middle is left out: it begins with the file, and ends with the mend. */
    private static final int END = 160;

    private static final String LEFT_OUT = " ... ";

    private static final int MOST_NAMES = 8;
    private static final int LONGEST_NAME = 60;

    private Shown() {}

    /**
     * A whole message.
     *
     * @param message any text
     * @return at most {@value #LONGEST_MESSAGE} characters of it
     */
    public static String message(String message) {
        return shortened(message, LONGEST_MESSAGE, END);
    }

    /**
     * A name in a message.
     *
     * @param name any text
     * @return at most {@value #LONGEST_NAME} characters of it
     */
    public static String name(String name) {
        return shortened(name, LONGEST_NAME, LONGEST_NAME / 4);
    }

    /**
     * Names in a message.
     *
     * @param names any texts
     * @return the first {@value #MOST_NAMES} of them, with commas, and how many there are beside
     */
    public static String names(List<String> names) {
        List<String> first = names.stream().limit(MOST_NAMES).map(Shown::name).toList();
        int more = names.size() - first.size();
        return String.join(", ", first) + (more == 0 ? "" : " and " + more + " more");
    }

    private static String shortened(String text, int longest, int end) {
        String all = text.length() <= longest
                ? text
                : text.substring(0, longest - end - LEFT_OUT.length()) + LEFT_OUT + text.substring(text.length() - end);
        StringBuilder shown = new StringBuilder(all.length());
        all.codePoints().map(Shown::visible).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static int visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                Character.isWhitespace(character) ? ' ' : '\uFFFD';
            // Joiners belong to words and to pictures.
            case Character.FORMAT -> character == 0x200C || character == 0x200D ? character : '\uFFFD';
            case Character.SURROGATE -> '\uFFFD';
            default -> character;
        };
    }
}
