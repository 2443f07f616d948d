package io.github.slicedscore.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The options that a command ran with, as a file that {@link ConfigFile} reads. */
final class ConfigText {
    /** They say what one run does with its files, not what it computes. */
    private static final Set<String> LEFT_OUT = Set.of("out", "force", "resume", "quiet", "json", "color", "debug");

    private ConfigText() {}

    /**
     * Writes every option that was given or has a default, defaults too: those of a later release may be others.
     *
     * @param parsed the command as it was given
     * @param settled values of options that were not given, and whose default depends on others, by their names
     * @param comments lines before the options
     */
    static String of(ParseResult parsed, Map<String, String> settled, List<String> comments) {
        StringBuilder text = new StringBuilder();
        comments.forEach(
                comment -> text.append("# ").append(ConfigFile.escaped(comment)).append('\n'));
        // In the order of help, which tells more than that of the names.
        Map<String, OptionSpec> options = ConfigFile.options(parsed.commandSpec());
        for (OptionSpec option : parsed.commandSpec().options()) {
            String name = ConfigFile.name(option);
            if (options.containsKey(name) && !LEFT_OUT.contains(name)) {
                for (String value : values(parsed, option, settled.get(name))) {
                    text.append(name)
                            .append(" = ")
                            .append(ConfigFile.escaped(value))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static List<String> values(ParseResult parsed, OptionSpec option, @Nullable String settled) {
        if (ConfigFile.isFlag(option)) {
            return List.of(String.valueOf(option.<Object>getValue()));
        }
        if (parsed.hasMatchedOption(option)) {
            return option.originalStringValues();
        }
        String standard = option.defaultValue();
        if (standard == null || standard.equals(Option.NULL_VALUE)) {
            return settled == null ? List.of() : List.of(settled);
        }
        return List.of(standard);
    }
}
