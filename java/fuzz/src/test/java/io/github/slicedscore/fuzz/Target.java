package io.github.slicedscore.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that reads bytes of strangers.
 *
 * @param type a class with a public static {@code void fuzzerTestOneInput(byte[])}, the name that the fuzzer looks for; it throws
 *     if a promise is broken
 * @param test that method
 * @param seeds makes valid inputs, to begin with
 * @param words texts that mutations put in
 */
public record Target(Class<?> type, Test test, Seeds seeds, List<String> words) {
    /** Takes an input. */
    public interface Test {
        void accept(byte[] input) throws Exception;
    }

    /** Makes inputs. */
    public interface Seeds {
        List<byte[]> make() throws IOException;
    }

    String name() {
        return type.getSimpleName();
    }

    /** The seeds, and inputs that once broke a promise or reach far, which lie among the resources. */
    List<byte[]> corpus() throws IOException {
        List<byte[]> corpus = new ArrayList<>(seeds.make());
        URL stored = type.getResource("/fuzz/" + name());
        if (stored != null) {
            try (Stream<Path> files = Files.list(Path.of(stored.toURI()))) {
                for (Path file : files.sorted().toList()) {
                    corpus.add(Files.readAllBytes(file));
                }
            } catch (URISyntaxException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }
        return corpus;
    }

    @Override
    public String toString() {
        return name();
    }
}
