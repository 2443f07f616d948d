package io.github.slicedscore.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that a command uses, and that none of its outputs may take the place of.
 *
 * @param what what it is, for messages: "the data"
 * @param path null where an option was not given
 */
record InputFile(String what, @Nullable Path path) {}
