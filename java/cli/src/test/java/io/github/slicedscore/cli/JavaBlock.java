package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * A whole file of Java in a document.
 *
 * @param text the file
 * @param arguments of its main method, separated by blanks; if there are none, a table and the name of a model to write
 */
record JavaBlock(String text, String arguments) {
    private static final Pattern TYPE = Pattern.compile(
            "^(?:public )?(?:final |abstract |sealed )*(?:class|record|interface|enum) (\\w+)", Pattern.MULTILINE);
    private static final int LIMIT_SECONDS = 900;

    private String type() {
        Matcher type = TYPE.matcher(text);
        assertThat(type.find()).as("whether a type is declared in%n%s", text).isTrue();
        return type.group(1);
    }

    /** Compiles it to a folder, and returns what the compiler says. */
    String compile(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path source = Files.writeString(folder.resolve(type() + ".java"), text);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String path = System.getProperty("java.class.path");
        ToolProvider.getSystemJavaCompiler()
                .run(null, messages, messages, "-Xlint:all", "-d", folder.toString(), "-cp", path, source.toString());
        return messages.toString(UTF_8);
    }

    /** Compiles it and runs its main method, if there is one. */
    String run(Path folder, Scratch scratch) throws IOException, InterruptedException {
        assertThat(compile(folder)).as("what javac says").isEmpty();
        if (!text.contains("static void main(")) {
            return "";
        }
        Path out = folder.resolve("out");
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-cp");
        words.add(folder + File.pathSeparator + System.getProperty("java.class.path"));
        words.add(type());
        words.addAll(List.of((arguments.isEmpty() ? "data.csv data.safetensors" : arguments).split(" ")));
        Process process = scratch.process(words.toArray(new String[0]))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(out);
        assertThat(ended && process.exitValue() == 0).as(printed).isTrue();
        return printed;
    }
}
