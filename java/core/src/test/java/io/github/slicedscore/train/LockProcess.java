package io.github.slicedscore.train;

import java.io.IOException;
import java.nio.file.Path;

/** A program that takes a directory of checkpoints, says so, and holds it until its stdin ends. */
final class LockProcess {
    private LockProcess() {}

    /** Argument: the directory. */
    public static void main(String[] arguments) throws IOException {
        try (CheckpointDirectory directory = CheckpointDirectory.open(Path.of(arguments[0]))) {
            System.out.println("has " + directory.path());
            int end = System.in.read();
            System.out.println("ends with " + end);
        } catch (CheckpointsInUseException e) {
            System.out.println(e.getMessage());
        }
    }
}
