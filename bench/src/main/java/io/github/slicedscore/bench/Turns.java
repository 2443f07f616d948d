package io.github.slicedscore.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Works when it is told to and waits in between, so that {@code bench/cpu.py} can measure several processes in turn. A command
 * is a line on the standard input, a word and its arguments; the answer is a line on the standard output that begins with
 * {@code =}, or with {@code !} and what went wrong. The first line tells what this process is.
 */
final class Turns {
    private Turns() {}

    /** One word's work. */
    interface Command {
        /** Works, and answers in a line. */
        String answer(List<String> arguments) throws IOException;
    }

    /** Obeys until the input ends. */
    static void serve(String description, Map<String, Command> commands) throws IOException {
        say("= " + description);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            say(answer(commands, Arrays.asList(line.strip().split(" +"))));
        }
    }

    private static String answer(Map<String, Command> commands, List<String> words) {
        Command command = commands.get(words.get(0));
        if (command == null) {
            return "! no command is called '" + words.get(0) + "'";
        }
        try {
            return "= " + command.answer(words.subList(1, words.size()));
        } catch (IOException | RuntimeException e) {
            return "! " + e.toString().replace('\n', ' ');
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
