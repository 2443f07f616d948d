package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a Markdown document.
 *
 * @param line number of its first line in the document
 * @param language first word behind the fence, empty where there is none
 * @param note the other words behind the fence
 * @param text what stands between the fences
 */
record CodeBlock(int line, String language, String note, String text) {
    private static final Pattern FENCE = Pattern.compile(" *```(\\S*) *(.*)");

    /** What is to be done with it: language and note, which of Java are the arguments of its main method. */
    String kind() {
        return switch (language) {
            case "java" -> "java";
            case "py" -> "python";
            default -> (language + " " + note).strip();
        };
    }

    /** Blocks of a document, in order. */
    static List<CodeBlock> of(List<String> lines) {
        List<CodeBlock> blocks = new ArrayList<>();
        Matcher opening = null;
        int first = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            if (opening == null) {
                opening = fence;
                first = i + 1;
            } else {
                String text = String.join("\n", lines.subList(first, i)) + "\n";
                blocks.add(new CodeBlock(first + 1, opening.group(1), opening.group(2), text));
                opening = null;
            }
        }
        if (opening != null) {
            throw new IllegalArgumentException("the fence of line " + first + " is not closed");
        }
        return blocks;
    }
}
