package io.github.slicedscore.exchange;

import java.nio.file.Path;

/** Files that {@code src/test/python/exchange_fixtures.py} made. */
final class Fixtures {
    static final Path FOLDER = Path.of("src", "test", "resources", "exchange");

    private Fixtures() {}

    static Path file(String name) {
        return FOLDER.resolve(name);
    }
}
