package io.github.slicedscore.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
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
        completion.add("-f -n __fish_use_subcommand");
        all.getSubcommands().forEach((name, sub) -> completion.command(name, sub.getCommandSpec()));
        return completion.text.toString();
    }

    private void command(String name, CommandSpec spec) {
        add("-f -n __fish_use_subcommand -a " + name + " -d "
                + quoted(firstSentence(spec.usageMessage().description())));
        spec.positionalParameters().stream()
                .filter(parameter -> parameter.completionCandidates() != null)
                .forEach(parameter -> add("-f " + after(name) + " -a " + values(parameter)));
        spec.options().forEach(option -> option(name, option));
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
                words.add("-f -a " + values(option));
            }
        }
        option(subcommand, String.join(" ", words), option);
        if (option.negatable()) {
            option(subcommand, "-l no-" + option.longestName().substring(2), option);
        }
    }

    private void option(String subcommand, String words, OptionSpec option) {
        add(after(subcommand) + " " + words + " -d " + quoted(firstSentence(option.description())));
    }

    private void add(String what) {
        text.append("complete -c ").append(command).append(' ').append(what).append('\n');
    }

    private static String after(String subcommand) {
        return "-n '__fish_seen_subcommand_from " + subcommand + "'";
    }

    private static String values(ArgSpec argument) {
        return quoted(String.join(" ", argument.completionCandidates()));
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
