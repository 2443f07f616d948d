package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The lines by which the shell fish completes a command, its subcommands and their options. */
final class FishCompletion {
    private final StringBuilder text = new StringBuilder();
    private final String command;

    private FishCompletion(String command) {
        this.command = command;
    }

    static String script(CommandLine all) {
        FishCompletion completion = new FishCompletion(all.getCommandName());
        completion.line("complete -c %s -f -n __fish_use_subcommand", completion.command);
        all.getSubcommands().forEach((name, sub) -> {
            completion.line(
                    "complete -c %s -f -n __fish_use_subcommand -a %s -d %s",
                    completion.command,
                    name,
                    quoted(firstSentence(sub.getCommandSpec().usageMessage().description())));
            sub.getCommandSpec().positionalParameters().stream()
                    .filter(parameter -> parameter.completionCandidates() != null)
                    .forEach(parameter -> completion.line(
                            "complete -c %s -f -n '__fish_seen_subcommand_from %s' -a %s",
                            completion.command, name, quoted(String.join(" ", parameter.completionCandidates()))));
            sub.getCommandSpec().options().forEach(option -> completion.option(name, option));
        });
        return completion.text.toString();
    }

    private void option(String subcommand, OptionSpec option) {
        List<String> words = new ArrayList<>();
        for (String name : option.names()) {
            words.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            // A value is needed; without a list of them files are offered.
            words.add("-r");
            if (option.completionCandidates() != null) {
                words.add("-f -a " + quoted(String.join(" ", option.completionCandidates())));
            }
        }
        option(subcommand, String.join(" ", words), option);
        if (option.negatable()) {
            option(subcommand, "-l no-" + option.longestName().substring(2), option);
        }
    }

    private void option(String subcommand, String words, OptionSpec option) {
        line(
                "complete -c %s -n '__fish_seen_subcommand_from %s' %s -d %s",
                command, subcommand, words, quoted(firstSentence(option.description())));
    }

    private void line(String format, Object... values) {
        text.append(String.format(format, values)).append('\n');
    }

    private static String firstSentence(String[] description) {
        String whole = description.length == 0 ? "" : description[0];
        int end = whole.indexOf(". ");
        return end < 0 ? whole : whole.substring(0, end + 1);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
