package io.github.slicedscore.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} looks like: a usage line with what is required, and options under headings. */
final class HelpLayout {
    private static final String FIRST = "Options";
    private static final String LAST = "Always";

    private HelpLayout() {}

    /** Gives a command and its subcommands this layout. */
    static void apply(CommandLine command) {
        Map<String, CommandLine.IHelpSectionRenderer> sections = command.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpLayout::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpLayout::footer);
        command.setHelpSectionMap(sections);
        command.getSubcommands().values().forEach(HelpLayout::apply);
    }

    /** For example: slicedscore train [OPTIONS] --out=M.safetensors DATA.csv. */
    private static String synopsis(Help help) {
        CommandSpec spec = help.commandSpec();
        List<String> words = new ArrayList<>();
        words.add(help.colorScheme().commandText(spec.qualifiedName()).toString());
        words.add("[OPTIONS]");
        for (OptionSpec option : spec.options()) {
            if (option.required() && option.group() == null) {
                words.add(help.colorScheme().optionText(option.longestName()).toString() + "="
                        + help.colorScheme().parameterText(option.paramLabel()));
            }
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label =
                    help.colorScheme().parameterText(parameter.paramLabel()).toString();
            String several = parameter.arity().max() > 1 ? label + "..." : label;
            words.add(parameter.required() ? several : "[" + several + "]");
        }
        if (!spec.subcommands().isEmpty()) {
            words.add("COMMAND");
        }
        return String.join(" ", words) + System.lineSeparator();
    }

    private static String options(Help help) {
        CommandSpec spec = help.commandSpec();
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put(FIRST, new ArrayList<>());
        List<OptionSpec> last = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (option.inherited() || spec.parent() == null) {
                last.add(option);
            } else if (!option.hidden()) {
                groups.computeIfAbsent(heading(option), name -> new ArrayList<>())
                        .add(option);
            }
        }
        groups.put(LAST, last);
        return groups.entrySet().stream()
                .filter(group -> !group.getValue().isEmpty())
                .map(group -> section(help, group.getKey(), group.getValue()))
                .collect(Collectors.joining());
    }

    private static String section(Help help, String heading, List<OptionSpec> options) {
        // As wide as all of the command's options want it, so that the groups stand in line.
        Help.Layout layout = help.createDefaultLayout(
                help.commandSpec().options(), help.commandSpec().positionalParameters(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        return System.lineSeparator()
                + help.colorScheme().ansi().text("@|bold " + heading + ":|@")
                + System.lineSeparator()
                + layout;
    }

    /** Prose is wrapped; examples, which are indented, stay lines that can be copied. */
    private static String footer(Help help) {
        StringBuilder text = new StringBuilder();
        for (String line : help.commandSpec().usageMessage().footer()) {
            if (line.startsWith("  ")) {
                text.append(line).append(System.lineSeparator());
            } else {
                UsageMessageSpec usage = help.commandSpec().usageMessage();
                Help.join(
                        help.ansi(),
                        usage.width(),
                        usage.adjustLineBreaksForWideCJKCharacters(),
                        new String[] {line},
                        text);
            }
        }
        return text.toString();
    }

    private static String heading(ArgSpec option) {
        if (option.userObject() instanceof Field field) {
            Heading own = field.getAnnotation(Heading.class);
            Heading classes = field.getDeclaringClass().getAnnotation(Heading.class);
            return own != null ? own.value() : classes != null ? classes.value() : FIRST;
        }
        return FIRST;
    }
}
