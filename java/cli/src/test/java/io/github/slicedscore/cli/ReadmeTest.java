package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the README's Java example as it stands there. */
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    Path folder;

    @Test
    void theJavaExampleCompilesAndRuns() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(block.find()).isTrue();
        // As printed but for the number of epochs, to be quick.
        String example = block.group(1).replace(".epochs(50)", ".epochs(2)");
        assertThat(example).contains(".epochs(2)");
        Path source = Files.writeString(folder.resolve("Example.java"), example);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = compiler.run(
                null,
                messages,
                messages,
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
        assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();

        StringBuilder table = new StringBuilder("a,b\n");
        for (int i = 0; i < 500; i++) {
            table.append(Math.sin(i))
                    .append(',')
                    .append(Math.cos(3 * i) + 0.1 * Math.sin(7 * i))
                    .append('\n');
        }
        Path data = Files.writeString(folder.resolve("data.csv"), table);
        Path model = folder.resolve("model.safetensors");
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {data.toString(), model.toString()});
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("log-density", "1000 new rows of [a, b]");
        assertThat(model).exists();
    }
}
