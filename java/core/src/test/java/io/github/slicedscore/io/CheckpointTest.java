package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.disk.Disk;
import io.github.slicedscore.math.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBitForBit() throws IOException {
        Path file = directory.resolve("last.safetensors");
        Checkpoint written = checkpoint(new float[] {1, -0f, Float.MIN_VALUE}, new float[] {7, 8, 9}, 0.1);
        written.write(file);
        assertThat(Checkpoint.read(file))
                .usingRecursiveComparison()
                .withComparatorForType(Double::compare, Double.class)
                .withComparatorForType(Float::compare, Float.class)
                .isEqualTo(written);

        Path again = directory.resolve("again.safetensors");
        Checkpoint.read(file).write(again);
        assertThat(again).hasSameBinaryContentAs(file);
    }

    @Test
    void beforeTheFirstValidationThereIsNoBest() throws IOException {
        Path file = directory.resolve("last.safetensors");
        checkpoint(new float[3], new float[0], Double.NaN).write(file);
        Checkpoint read = Checkpoint.read(file);
        assertThat(read.bestParameters()).isEmpty();
        assertThat(read.bestLoss()).isNaN();
    }

    @Test
    void whatIsNotFiniteIsNotWritten() {
        Path file = directory.resolve("last.safetensors");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoint(new float[] {1, Float.NaN, 2}, new float[3], 0)
                        .write(file))
                .withMessageContaining("'parameters'");
        assertThat(file).doesNotExist();
    }

    @Test
    void arraysOfDifferentLengthsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint(new float[3], new float[2], 0));
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint(new float[4], new float[0], 0));
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        Path file = new Disk().path("/last.safetensors");
        checkpoint(new float[] {1, 2, 3}, new float[] {7, 8, 9}, 0.1).write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, bytes);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> Checkpoint.read(file))
                    .as("bit %d of byte %d", bit % 8, bit / 8)
                    .isInstanceOf(MalformedFileException.class)
                    .hasMessageContaining(file.toString());
        }
        System.out.printf("all of %d flipped bits of a checkpoint were found%n", 8 * bytes.length);
    }

    @Test
    void numbersThatChangedAreDamage() throws IOException {
        Path file = directory.resolve("last.safetensors");
        checkpoint(new float[] {1, 2, 3}, new float[] {7, 8, 9}, 0.1).write(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 16;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Checkpoint.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith(file + ": it is damaged: its checksum is ");
    }

    /** Those of the first format have no checksum. */
    @Test
    void checkpointsOfTheFirstFormatAreRead() throws IOException {
        Path file = directory.resolve("last.safetensors");
        Checkpoint written = checkpoint(new float[] {1, 2, 3}, new float[] {7, 8, 9}, 0.1);
        written.write(file);
        SafeTensors content = SafeTensors.read(file);
        Map<String, String> metadata = new HashMap<>(content.metadata());
        assertThat(metadata.put("format_version", "1")).isEqualTo("2");
        assertThat(metadata.remove("checksum")).isNotNull();
        new SafeTensors(metadata, content.tensors()).write(file);
        assertThat(Checkpoint.read(file))
                .usingRecursiveComparison()
                .withComparatorForType(Double::compare, Double.class)
                .isEqualTo(written);
    }

    /** Whatever is left of the disk, the old checkpoint stays, and nothing else. */
    @Test
    void aDiskThatIsFullKeepsTheOldOne() throws IOException {
        Checkpoint old = checkpoint(new float[] {1, 2, 3}, new float[] {7, 8, 9}, 0.1);
        Checkpoint next = checkpoint(new float[] {4, 5, 6}, new float[] {7, 8, 9}, 0.1);
        Disk disk = new Disk();
        Path file = disk.path("/last.safetensors");
        old.write(file);
        long size = Files.size(file);
        for (long space = 0; space < size; space++) {
            Disk full = disk.copy().withSpace(space);
            Path there = full.path("/last.safetensors");
            assertThatThrownBy(() -> next.write(there))
                    .isInstanceOf(IOException.class)
                    .hasMessage("/last.safetensors could not be written (No space left on device);"
                            + " check the space and the rights in /");
            assertThat(full.contents()).isEqualTo(disk.contents());
        }
        Disk enough = disk.copy().withSpace(size);
        next.write(enough.path("/last.safetensors"));
        assertThat(Checkpoint.read(enough.path("/last.safetensors")).parameters())
                .containsExactly(4, 5, 6);
        System.out.printf("a disk full after each of %d bytes of a checkpoint kept the old one%n", size);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path model = directory.resolve("model.safetensors");
        ModelFile.write(ModelExamples.energy(), model);
        assertThatThrownBy(() -> Checkpoint.read(model))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("not a slicedscore.checkpoint ('format' is 'slicedscore.model')");

        Path cut = directory.resolve("cut.safetensors");
        checkpoint(new float[3], new float[3], 0).write(cut);
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Checkpoint.read(cut))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(cut.toString());
    }

    private static Checkpoint checkpoint(float[] parameters, float[] best, double bestLoss) {
        return new Checkpoint(
                Map.of("objective", "ssm-vr", "noise", "0.05"),
                "plain",
                Philox.LAYOUT,
                1L << 40,
                parameters,
                new float[] {0.5f, 0, 1},
                new float[] {1e-30f, 2, 3},
                new float[] {4, 5, 6},
                best,
                99,
                bestLoss,
                Map.of("history", new double[] {1, Double.NaN, -0.0}, "sums", new double[0]));
    }
}
