package io.github.slicedscore.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that there are, in the order of help. */
final class Commands {
    static final List<Class<?>> ALL = List.of(
            DemoCommand.class,
            TrainCommand.class,
            ScoreCommand.class,
            SampleCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            AnomaliesCommand.class,
            ImputeCommand.class,
            DenoiseCommand.class,
            CompareCommand.class,
            ConvertCommand.class,
            InfoCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            HelpCommand.class);

    /** These show others, so they need all of them. */
    private static final Set<Class<?>> NEED_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

    private Commands() {}

    /**
     * Adds the commands that a command line needs: the one that it names, or all. Picocli reads every option of a command that it
     * gets, which takes long enough to be felt.
     *
     * @param line where to
     * @param words of the command line
     * @return line
     */
    static CommandLine add(CommandLine line, String... words) {
        List<Class<?>> named = ALL.stream()
                .filter(command -> List.of(words).contains(name(command)))
                .toList();
        // Two where a command's name is a value elsewhere; then which is which is for picocli to find out.
        boolean one = named.size() == 1 && !NEED_ALL.contains(named.get(0));
        (one ? named : ALL).forEach(line::addSubcommand);
        return line;
    }

    /** What completion offers where a command is named. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }

    static List<String> names() {
        return ALL.stream().map(Commands::name).toList();
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }
}
