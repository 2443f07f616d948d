package io.github.slicedscore.train;

import java.io.IOException;
import java.nio.file.Path;

/** Another training has the directory of the checkpoints. */
public final class CheckpointsInUseException extends IOException {
    private static final long serialVersionUID = 1;

    CheckpointsInUseException(Path directory) {
        super("another training is writing " + directory + "; wait until it has ended, or choose another name");
    }
}
