package io.github.slicedscore.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document that comes with the project: README.md, or one of docs.
 *
 * @param name path from the project's root
 * @param path the file
 * @param lines its text
 */
record Document(String name, Path path, List<String> lines) {
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** All of them. */
    static List<Document> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<Document> documents = new ArrayList<>();
        for (Path file : files) {
            documents.add(of(file));
        }
        return documents;
    }

    static Document of(Path file) throws IOException {
        return new Document(ROOT.relativize(file).toString(), file, Files.readAllLines(file));
    }

    List<CodeBlock> blocks() {
        return CodeBlock.of(lines);
    }

    /** What its links point to, as written; those in code blocks are no links. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        for (String line : prose()) {
            Matcher link = LINK.matcher(line);
            while (link.find()) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    /** What stands in backquotes outside of code blocks. */
    List<String> code() {
        List<String> spans = new ArrayList<>();
        for (String line : prose()) {
            Matcher span = CODE.matcher(line);
            while (span.find()) {
                spans.add(span.group(1));
            }
        }
        return spans;
    }

    /** Names by which links reach its headings, by GitHub's rule. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : prose()) {
            if (line.startsWith("#")) {
                anchors.add(line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }

    private List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : lines) {
            if (line.strip().startsWith("```")) {
                code = !code;
            } else if (!code) {
                prose.add(line);
            }
        }
        return prose;
    }
}
