package io.github.slicedscore.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs in a process of its own. */
final class Command {
    private static final int LIMIT_SECONDS = 300;

    private final Path out;
    private final Path err;
    private final Process process;

    private Command(Path out, Path err, Process process) {
        this.out = out;
        this.err = err;
        this.process = process;
    }

    /** How it ended, and what it printed. */
    record Outcome(int code, String out, String err) {}

    /** Starts it; what it prints goes to the files NAME.out and NAME.err in its folder. */
    static Command start(Jdk jdk, Path folder, String name, List<String> words) throws IOException {
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", jdk.home().toString());
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"); // for a short life
        // A JVM that finds these says so on stderr.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return new Command(out, err, builder.start());
    }

    /** Starts the Java of a JDK. */
    static Command java(Jdk jdk, Path folder, String name, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(jdk.java().toString());
        words.addAll(arguments);
        return start(jdk, folder, name, words);
    }

    Outcome await() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("not done within " + LIMIT_SECONDS + " s; printed so far: " + Files.readString(out));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
