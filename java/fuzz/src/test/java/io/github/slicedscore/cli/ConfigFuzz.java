package io.github.slicedscore.cli;

import io.github.slicedscore.fuzz.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A file of options is refused with a message as others are, or is the same after it was written and read again. */
public final class ConfigFuzz {
    private static final CommandSpec COMMAND = new CommandLine(new TrainCommand()).getCommandSpec();

    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Hostile.file(input);
        Map<OptionSpec, List<ConfigFile.Line>> read;
        try {
            read = ConfigFile.read(file, COMMAND);
        } catch (BadInputException e) {
            Hostile.requireMessage(e.getMessage(), file);
            return;
        }
        StringBuilder text = new StringBuilder();
        read.forEach((option, lines) -> lines.forEach(line -> text.append(text(option, line.words()))));
        Path again = Hostile.file(text.toString().getBytes(StandardCharsets.UTF_8));
        Hostile.requireEqual(words(ConfigFile.read(again, COMMAND)), words(read));
    }

    private static String text(OptionSpec option, List<String> words) {
        String value;
        if (ConfigFile.isFlag(option)) {
            value = String.valueOf(words.equals(List.of(option.longestName())));
        } else {
            value = words.get(0).substring(option.longestName().length() + 1);
        }
        return ConfigFile.name(option) + " = " + ConfigFile.escaped(value) + "\n";
    }

    private static List<List<String>> words(Map<OptionSpec, List<ConfigFile.Line>> read) {
        return read.values().stream()
                .map(lines ->
                        lines.stream().flatMap(line -> line.words().stream()).toList())
                .toList();
    }

    public static List<byte[]> seeds() {
        return List.of(
                bytes("# a comment\nsteps = 500\ndrop = quality\n\n"),
                bytes("\uFEFFnoise=0.5\r\ndrop =\\sa\\n\\\\b\\t\r\nresume = true\r\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
