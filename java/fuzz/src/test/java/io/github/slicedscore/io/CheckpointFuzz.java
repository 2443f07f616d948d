package io.github.slicedscore.io;

import io.github.slicedscore.fuzz.Hostile;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint is refused, or has the same bytes after it was written, read and written again; also with the right checksum. */
public final class CheckpointFuzz {
    private CheckpointFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        requireSame(input);
        Optional<SafeTensors> content = Hostile.read(input, SafeTensors::read);
        if (content.isPresent()) {
            // No mutation finds the right checksum.
            Map<String, String> metadata = new HashMap<>(content.get().metadata());
            metadata.remove("checksum");
            requireSame(Hostile.written(Fields.sealed(metadata, content.get().tensors())::write));
        }
    }

    private static void requireSame(byte[] file) throws IOException {
        Optional<Checkpoint> read = Hostile.read(file, Checkpoint::read);
        if (read.isPresent()) {
            byte[] written = Hostile.written(read.get()::write);
            Checkpoint again = Hostile.read(written, Checkpoint::read).orElseThrow();
            Hostile.requireEqual(Arrays.equals(Hostile.written(again::write), written), true);
        }
    }

    public static List<byte[]> seeds() throws IOException {
        float[] two = {1, 2};
        return List.of(
                Hostile.written(new Checkpoint(
                        Map.of("batch", "128"),
                        "plain",
                        1,
                        5,
                        two,
                        two,
                        two,
                        two,
                        two,
                        4,
                        -1.5,
                        Map.of("loss", new double[] {1, Double.NaN}))::write),
                Hostile.written(new Checkpoint(
                        Map.of(), "plain", 1, 0, two, two, two, two, new float[0], 0, Double.NaN, Map.of())::write));
    }
}
