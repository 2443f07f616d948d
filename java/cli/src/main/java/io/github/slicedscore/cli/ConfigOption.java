package io.github.slicedscore.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Files of options; {@link Arguments} puts their lines into the command line before it is read. */
final class ConfigOption {
    static final String NAME = "--config";

    @Option(
            names = NAME,
            paramLabel = "FILE",
            description =
                    "Options from a file, a line 'name = value' each; those of the command line win, and with several files the"
                            + " last. 'train' writes such a file beside the model.")
    private List<Path> files = new ArrayList<>();

    List<Path> files() {
        return List.copyOf(files);
    }
}
