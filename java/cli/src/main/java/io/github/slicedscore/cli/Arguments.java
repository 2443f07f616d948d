package io.github.slicedscore.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The words of a command line, with those in it that its files of options hold. What stands on the command line itself wins over
 * the files, and later files win over earlier ones; an option that excludes another, as {@code --steps} does {@code --epochs},
 * wins over that, too.
 *
 * @param words the command and its options
 * @param origins for the names of options that came from a file, the file and the line
 */
record Arguments(String[] words, Map<String, String> origins) {
    /** Reads the files that the words name. */
    static Arguments of(String... words) throws IOException {
        boolean named = Stream.of(words)
                .anyMatch(word -> word.equals(ConfigOption.NAME) || word.startsWith(ConfigOption.NAME + "="));
        return named ? expanded(words) : new Arguments(words, Map.of());
    }

    private static Arguments expanded(String... words) throws IOException {
        ParseResult parsed = parsed(words);
        if (parsed == null || !parsed.hasMatchedOption(ConfigOption.NAME)) {
            // Something is wrong with the words, and the parser that counts will say what.
            return new Arguments(words, Map.of());
        }
        CommandSpec command = parsed.commandSpec();
        List<Path> files = Objects.requireNonNull(parsed.matchedOptionValue(ConfigOption.NAME, List.of()));
        Map<OptionSpec, List<ConfigFile.Line>> lines = new LinkedHashMap<>();
        for (Path file : files) {
            Map<OptionSpec, List<ConfigFile.Line>> ofFile = ConfigFile.read(file, command);
            lines.keySet().removeIf(option -> rivals(option, ofFile.keySet()));
            lines.putAll(ofFile);
        }
        lines.keySet().removeIf(option -> rivals(option, Set.copyOf(parsed.matchedOptionsSet())));
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(
                all.indexOf(command.name()) + 1,
                lines.values().stream()
                        .flatMap(List::stream)
                        .flatMap(line -> line.words().stream())
                        .toList());
        Map<String, String> origins = new TreeMap<>();
        lines.forEach((option, ofOption) -> origins.put(
                option.longestName(),
                ofOption.stream().map(ConfigFile.Line::place).collect(Collectors.joining(" and "))));
        return new Arguments(all.toArray(String[]::new), origins);
    }

    /** What picocli makes of the words of the command itself, whatever is wrong or missing. */
    private static @Nullable ParseResult parsed(String... words) {
        CommandLine commands = Commands.add(new CommandLine(new Main()), words).setExpandAtFiles(false);
        Stream.concat(Stream.of(commands), commands.getSubcommands().values().stream())
                .forEach(command -> command.getCommandSpec().parser().collectErrors(true));
        try {
            return commands.parseArgs(words).subcommand();
        } catch (ParameterException e) {
            return null;
        }
    }

    /** Whether one of the others is the same option, or excludes it. */
    private static boolean rivals(OptionSpec option, Set<OptionSpec> others) {
        return others.stream()
                .anyMatch(other -> other.equals(option)
                        || (exclusive(option) && option.group().equals(other.group())));
    }

    private static boolean exclusive(OptionSpec option) {
        ArgGroupSpec group = option.group();
        return group != null && group.exclusive();
    }
}
