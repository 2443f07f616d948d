package io.github.slicedscore.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

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

    /** The seeds, and those of a resource, a line of Base64 each: inputs that broke a promise, and some that reach far. */
    List<byte[]> corpus() throws IOException {
        List<byte[]> corpus = new ArrayList<>(seeds.make());
        try (InputStream stored = type.getResourceAsStream("/fuzz/" + name() + ".txt")) {
            if (stored != null) {
                new String(stored.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(Base64.getDecoder()::decode)
                        .forEach(corpus::add);
            }
        }
        return corpus;
    }

    @Override
    public String toString() {
        return name();
    }
}
