package io.github.slicedscore.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Whether a command may replace files that exist; without the option none does. */
final class ForceOption {
    @Option(names = "--force", description = "Replace files that exist.")
    private boolean given;

    boolean given() {
        return given;
    }

    /** Throws unless a file can be written, and does not exist or may be replaced. */
    void requireWritable(String option, Path file) {
        OutputFiles.requireWritable(option, file, given);
    }
}
