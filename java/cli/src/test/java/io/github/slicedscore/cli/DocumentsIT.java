package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What README.md and the documents in docs say can be done is done. What stands behind the fence of a block decides:
 *
 * <ul>
 * <li>{@code sh}: all blocks of a document run one after the other in one bash, which stops at the first error, in a folder with
 *     the tables of {@link Scratch}; {@code sh fails} must fail;
 * <li>{@code text output}: lines that the block before it has printed, in that order; three dots stand for any words;
 * <li>{@code java ARGUMENT ...}: a whole file; its main method is run with these, or with data.csv and the name of a model to write;
 * <li>{@code python}: all blocks of a document run in one Python, SLICEDSCORE_PYTHON or else python3, where it finds what they
 *     import;
 * <li>others are for the eye.
 * </ul>
 *
 * {@link Untested} has the exceptions. A minute or two, so under the profile documents alone.
 */
@DisabledOnOs(OS.WINDOWS)
class DocumentsIT {
    private static final Pattern IMPORT = Pattern.compile("^(?:import|from) (\\w+)", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicNode> blocksRun() throws IOException {
        return Document.all().stream().map(this::run);
    }

    private DynamicContainer run(Document document) {
        Session session = new Session(document);
        List<DynamicTest> tests = new ArrayList<>();
        for (CodeBlock block : document.blocks()) {
            if (Session.RUN.contains(block.kind()) && !Untested.isExempt(document, block)) {
                tests.add(dynamicTest(
                        document.name() + ":" + block.line() + " " + block.kind(), () -> session.run(block)));
            }
        }
        tests.add(dynamicTest(document.name() + " ends", session::close));
        return dynamicContainer(document.name(), document.path().toUri(), tests.stream());
    }

    /** The blocks of one document, on their way. */
    private final class Session {
        static final List<String> RUN = List.of("sh", "sh fails", "text output", "java", "python");

        private final Document document;
        private @Nullable Scratch scratch;
        private @Nullable Interpreter shell;
        private @Nullable Interpreter python;
        private String printed = "";
        private boolean broken;

        Session(Document document) {
            this.document = document;
        }

        void run(CodeBlock block) throws Exception {
            assumeTrue(!broken, "a block before it failed or was skipped");
            broken = true;
            if (scratch == null) {
                scratch = Scratch.in(folder.resolve(document.name().replace('/', '-')));
            }
            String text = Untested.shorten(document, block.text());
            Path file = scratch.installed().resolve("block-" + block.line());
            switch (block.kind()) {
                case "sh" -> printed = shell(scratch).run(file, text, true);
                case "sh fails" -> printed = shell(scratch).run(file, text, false);
                case "python" -> printed = python(scratch, text).run(file, text, true);
                case "java" -> printed = new JavaBlock(text, block.note()).run(file, scratch);
                default -> assertPrinted(text);
            }
            broken = false;
        }

        private Interpreter shell(Scratch where) throws IOException {
            if (shell == null) {
                WineData.of("white");
                shell = Interpreter.bash(where);
            }
            return shell;
        }

        private Interpreter python(Scratch where, String text) throws IOException, InterruptedException {
            String fromEnvironment = System.getenv("SLICEDSCORE_PYTHON");
            String executable = fromEnvironment == null ? "python3" : fromEnvironment;
            List<String> modules = IMPORT.matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .distinct()
                    .toList();
            assumeTrue(
                    Interpreter.finds(where, executable, modules),
                    executable + " does not have all of " + modules + "; set SLICEDSCORE_PYTHON to one that has");
            if (python == null) {
                python = Interpreter.python(where, executable);
            }
            return python;
        }

        private void assertPrinted(String text) {
            List<String> rest = printed.lines().toList();
            for (String line : text.lines().toList()) {
                Pattern wanted = Pattern.compile(Stream.of(line.split("\\.\\.\\.", -1))
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + ".*" + b)
                        .orElseThrow());
                int at = 0;
                while (at < rest.size() && !wanted.matcher(rest.get(at)).matches()) {
                    at++;
                }
                assertThat(at)
                        .as("lines before the line%n%s%nin%n%s", line, printed)
                        .isLessThan(rest.size());
                rest = rest.subList(at + 1, rest.size());
            }
        }

        void close() throws IOException {
            for (Interpreter interpreter : new Interpreter[] {shell, python}) {
                if (interpreter != null) {
                    interpreter.close();
                }
            }
        }
    }
}
