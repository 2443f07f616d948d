package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A shell or a Python that runs one file after the other, and keeps between them what they set. */
final class Interpreter implements AutoCloseable {
    private static final int LIMIT_SECONDS = 900;

    /** Runs the file that a line names; what it prints goes to the file's name with .out behind it. */
    private static final String PYTHON = """
            import contextlib, sys, traceback
            names = {'__name__': '__main__'}
            for line in sys.stdin:
                path = line.strip()
                with open(path + '.out', 'w') as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    try:
                        exec(compile(open(path).read(), path, 'exec'), names)
                    except BaseException:
                        traceback.print_exc()
                        out.flush()
                        sys.exit(1)
                open(path + '.done', 'w').close()
            """;

    private final Process process;
    private final Writer commands;
    private final boolean shell;

    private Interpreter(ProcessBuilder builder, boolean shell) throws IOException {
        process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        commands = process.outputWriter(UTF_8);
        this.shell = shell;
    }

    static Interpreter bash(Scratch scratch) throws IOException {
        return new Interpreter(scratch.process("bash", "-euo", "pipefail"), true);
    }

    static Interpreter python(Scratch scratch, String executable) throws IOException {
        return new Interpreter(scratch.process(executable, "-c", PYTHON), false);
    }

    /** Runs a block, which must succeed, or must fail, and returns what it printed. */
    String run(Path file, String text, boolean succeeds) throws IOException, InterruptedException {
        Files.writeString(file, text);
        Path out = Path.of(file + ".out");
        Path done = Path.of(file + ".done");
        commands.write(shell ? shellCommand(file, out, done, succeeds) : file + "\n");
        commands.flush();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (Files.notExists(done) && !process.waitFor(20, TimeUnit.MILLISECONDS) && System.nanoTime() < limit) {
            // It is under way.
        }
        String printed = Files.exists(out) ? Files.readString(out) : "";
        assertThat(done)
                .as("%s%n%s%nprinted%n%s", text, succeeds ? "failed, and" : "did not fail, and", printed)
                .exists();
        return printed;
    }

    /** In the shell itself, so that it sees what is set; a shell of its own for what is to fail. */
    private static String shellCommand(Path file, Path out, Path done, boolean succeeds) {
        String command = succeeds
                ? ". '%s' >'%s' 2>&1 </dev/null"
                : "if bash -euo pipefail '%s' >'%s' 2>&1 </dev/null; then exit 1; fi";
        return command.formatted(file, out) + "; : >'" + done + "'\n";
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Whether a Python finds all of some modules. */
    static boolean finds(Scratch scratch, String executable, List<String> modules)
            throws IOException, InterruptedException {
        String check =
                "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))";
        List<String> words = new ArrayList<>(List.of(executable, "-c", check));
        words.addAll(modules);
        try {
            return scratch.process(words.toArray(new String[0]))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
