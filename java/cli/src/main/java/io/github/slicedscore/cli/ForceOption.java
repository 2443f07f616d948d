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

    /** Throws if a file is an input as well, option or not; then unless it can be written, and is not there or may be replaced. */
    void requireWritable(String option, Path file, InputFile... inputs) {
        for (InputFile input : inputs) {
            OutputFiles.requireDistinct(option, file, input.what(), input.path());
        }
        OutputFiles.requireWritable(option, file, given);
    }
}
