package io.github.slicedscore.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A file of options in UTF-8: lines {@code name = value}, where the name is an option's long one without its dashes. An option
 * without a value is true or false. Blanks around name and value do not count; lines that are empty or begin with {@code #}
 * neither. In values {@code \n}, {@code \r}, {@code \t}, {@code \s} and {@code \\} stand for a line feed, a carriage return, a tab,
 * a blank, and a backslash.
 */
final class ConfigFile {
    private static final char COMMENT = '#';

    /** Some editors put it into every file. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final int LONGEST_SHOWN = 60;
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** A backslash, and what it is about. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.?)");

    private ConfigFile() {}

    /**
     * One line.
     *
     * @param place the file and the number of the line
     * @param words what stands for it on the command line
     */
    record Line(String place, List<String> words) {}

    /**
     * Reads a file.
     *
     * @param command whose options it may hold
     * @return the lines of each option: several where it may be given several times
     * @throws BadInputException naming the line, if it can't be understood, or its option is unknown or came before
     */
    static Map<OptionSpec, List<Line>> read(Path file, CommandSpec command) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(ConfigOption.NAME + ": there is no file " + file + " (in full "
                    + file.toAbsolutePath().normalize() + ")");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + " is not UTF-8; save it as that");
        }
        Map<String, OptionSpec> options = options(command);
        Map<OptionSpec, List<Line>> read = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = stripped(lines.get(i));
            if (text.isEmpty() || text.charAt(0) == COMMENT) {
                continue;
            }
            String place = file + ", line " + (i + 1);
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new BadInputException(
                        place + ": '" + shown(text) + "' is no 'name = value'; for an option without a value"
                                + " write 'name = true', and begin comments with " + COMMENT);
            }
            String name = stripped(text.substring(0, equals));
            OptionSpec option = Optional.ofNullable(options.get(name)).orElseThrow(() -> unknown(place, name, command));
            List<Line> same = read.computeIfAbsent(option, key -> new ArrayList<>());
            if (!same.isEmpty() && !option.isMultiValue()) {
                throw new BadInputException(place + ": '" + name + "' was set before, in "
                        + same.get(0).place() + "; leave one of the two out");
            }
            same.add(new Line(place, words(option, value(stripped(text.substring(equals + 1)), place), place)));
        }
        return read;
    }

    /** The options that a file may hold, by name: all but those that ask for help or for files of options. */
    static Map<String, OptionSpec> options(CommandSpec command) {
        Map<String, OptionSpec> options = new TreeMap<>();
        for (OptionSpec option : command.options()) {
            if (!option.usageHelp()
                    && !option.versionHelp()
                    && !option.longestName().equals(ConfigOption.NAME)) {
                options.put(name(option), option);
            }
        }
        return options;
    }

    /** The name of an option in a file. */
    static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** Whether an option takes no value, but stands there or not. */
    static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0;
    }

    private static BadInputException unknown(String place, String name, CommandSpec command) {
        return new BadInputException(place + ": '" + command.qualifiedName() + "' has no option '" + shown(name) + "'"
                + Nearest.of(
                                shown(name).replaceFirst("^-+", ""),
                                options(command).keySet())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(" that a file may hold; '" + command.qualifiedName() + " --help' has them all"));
    }

    private static List<String> words(OptionSpec option, String value, String place) {
        if (!isFlag(option)) {
            return List.of(option.longestName() + "=" + value);
        }
        return switch (value) {
            case "true" -> List.of(option.longestName());
            case "false" -> option.negatable() ? List.of("--no-" + name(option)) : List.of();
            default ->
                throw new BadInputException(
                        place + ": '" + name(option) + "' is true or false, not '" + shown(value) + "'");
        };
    }

    private static String stripped(String text) {
        int from = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** What a message shows of a text: the start of it, without what a terminal would obey. */
    private static String shown(String text) {
        String start = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
        return UNSEEN.matcher(start).replaceAll("\uFFFD");
    }

    private static String value(String text, String place) {
        return ESCAPE.matcher(text).replaceAll(escape -> Matcher.quoteReplacement(meaning(escape.group(1), place)));
    }

    private static String meaning(String escaped, String place) {
        return switch (escaped) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "s" -> " ";
            case "\\" -> "\\";
            default ->
                throw new BadInputException(place + ": there is no '\\" + shown(escaped)
                        + "'; write \\\\ for a backslash, and \\n, \\r, \\t, \\s for a line feed, a carriage return, a tab,"
                        + " a blank");
        };
    }

    /** A value as a file has it. */
    static String escaped(String value) {
        String text = value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        // Blanks at the ends would be stripped.
        String front = text.startsWith(" ") ? "\\s" + text.substring(1) : text;
        return front.endsWith(" ") ? front.substring(0, front.length() - 1) + "\\s" : front;
    }
}
