package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * README.md and the documents in docs: their Java compiles, their links lead somewhere, the classes that they name are
 * there, and their other blocks are of kinds that {@link DocumentsIT} runs, or are for the eye.
 */
class DocumentsTest {
    private static final Set<String> KINDS =
            Set.of("sh", "sh fails", "text output", "java", "python", "text", "xml", "json");

    private static final Pattern TYPE = Pattern.compile("([a-z]+(?:\\.[a-z]+)*)\\.([A-Z]\\w*)(?:[.(].*)?");

    @TempDir
    Path folder;

    @Test
    void blocksAreOfKnownKinds() throws IOException {
        for (Document document : Document.all()) {
            for (CodeBlock block : document.blocks()) {
                assertThat(KINDS)
                        .as("%s, line %d: what cannot be run is text", document.name(), block.line())
                        .contains(block.kind());
            }
        }
    }

    @Test
    void javaCompilesWithoutWarnings() throws IOException {
        for (Document document : Document.all()) {
            for (CodeBlock block : document.blocks()) {
                if (block.kind().equals("java") && !Untested.isExempt(document, block)) {
                    Path classes = folder.resolve(document.path().getFileName() + "-" + block.line());
                    assertThat(new JavaBlock(block.text(), block.note()).compile(classes))
                            .as("what javac says of %s, line %d", document.name(), block.line())
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void whatIsNotRunAsItStandsIsThere() throws IOException {
        for (Untested.Exempt exempt : Untested.EXEMPT) {
            assertThat(blocks(exempt.document()))
                    .as("blocks of %s", exempt.document())
                    .anyMatch(block -> block.text().startsWith(exempt.start()));
        }
        for (Untested.Shortened shortened : Untested.SHORTENED) {
            assertThat(blocks(shortened.document()))
                    .as("blocks of %s", shortened.document())
                    .anyMatch(block -> block.text().contains(shortened.words()));
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (Document document : Document.all()) {
            for (String link : document.links()) {
                if (link.matches("[a-z]+:.*")) {
                    continue;
                }
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? document.path()
                        : document.path().resolveSibling(parts[0]).normalize();
                assertThat(Files.exists(target))
                        .as("what the link %s of %s leads to", link, document.name())
                        .isTrue();
                if (parts.length == 2) {
                    assertThat(Document.of(target).anchors())
                            .as("headings that the link %s of %s may lead to", link, document.name())
                            .contains(parts[1]);
                }
            }
        }
    }

    /** {@code data.Standardizer} is a file of the library, and {@code GoldenTest} one of the tests. */
    @Test
    void classesThatAreNamedAreThere() throws IOException {
        Path packages = Document.ROOT.resolve("java/core/src/main/java/io/github/slicedscore");
        Set<String> tests = testClasses();
        for (Document document : Document.all()) {
            for (String code : document.code()) {
                Matcher type = TYPE.matcher(code);
                if (type.matches()
                        && Files.isDirectory(packages.resolve(type.group(1).replace('.', '/')))) {
                    assertThat(packages.resolve(type.group(1).replace('.', '/') + "/" + type.group(2) + ".java"))
                            .as("what %s calls %s", document.name(), code)
                            .exists();
                }
                if (code.matches("[A-Z]\\w*(Test|IT)")) {
                    assertThat(tests)
                            .as("tests, of which %s names one", document.name())
                            .contains(code);
                }
            }
        }
    }

    private static Set<String> testClasses() throws IOException {
        Set<String> names = new HashSet<>();
        for (String module : List.of("core", "cli", "foreign", "fuzz")) {
            for (String sources : List.of("test", "test-presets")) {
                Path folder = Document.ROOT.resolve("java/" + module + "/src/" + sources);
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.map(file -> file.getFileName().toString().replace(".java", ""))
                                .forEach(names::add);
                    }
                }
            }
        }
        return names;
    }

    private static List<CodeBlock> blocks(String document) throws IOException {
        return Document.of(Document.ROOT.resolve(document)).blocks();
    }
}
