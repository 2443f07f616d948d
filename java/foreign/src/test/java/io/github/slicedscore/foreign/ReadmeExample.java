package io.github.slicedscore.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program of the README, as it stands there but for a package, fewer epochs and fewer samples. */
final class ReadmeExample {
    static final String MAIN = "com.example.readme.Example";

    private static final Path README = Path.of("../../README.md");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?public class Example .*?)```", Pattern.DOTALL);
    private static final Pattern PRINTED =
            Pattern.compile("log-density (\\S+), score (\\S+)\n100 new rows of \\[a, b]\n");

    private ReadmeExample() {}

    /** Writes it among the sources of a project. */
    static void write(Path sources) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(README));
        assertThat(block.find()).as("whether the README has an example").isTrue();
        String text = shorter(shorter(block.group(1), ".epochs(50)", ".epochs(2)"), "model, 1000, 7", "model, 100, 7");
        Path folder = Files.createDirectories(sources.resolve("com/example/readme"));
        Files.writeString(folder.resolve("Example.java"), "package com.example.readme;\n\n" + text);
    }

    private static String shorter(String text, String words, String instead) {
        assertThat(text).contains(words);
        return text.replace(words, instead);
    }

    /** It has printed a log-density, a score and its samples, and nothing else. */
    static void assertRan(Command.Outcome outcome) {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        Matcher printed = PRINTED.matcher(outcome.out());
        assertThat(printed.matches()).as(outcome.out()).isTrue();
        assertThat(Double.parseDouble(printed.group(1))).isFinite();
        assertThat(Double.parseDouble(printed.group(2))).isFinite();
    }
}
