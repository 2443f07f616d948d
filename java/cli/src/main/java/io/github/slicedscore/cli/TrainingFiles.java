package io.github.slicedscore.cli;

import io.github.slicedscore.io.AtomicFile;
import io.github.slicedscore.train.CheckpointDirectory;
import io.github.slicedscore.train.CheckpointsInUseException;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * What a training writes, named after the model file.
 *
 * @param model M.safetensors
 * @param history M.training.csv
 * @param picture M.training.png
 * @param options M.train.properties
 * @param checkpoints the directory M.checkpoints
 */
record TrainingFiles(Path model, Path history, Path picture, Path options, Path checkpoints) {
    private static final String SUFFIX = ".safetensors";

    static TrainingFiles of(Path model) {
        Path fileName = model.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        if (stem.isEmpty()) {
            throw new BadInputException("--out: '" + model + "' names no file; give a name such as model.safetensors");
        }
        return new TrainingFiles(
                model,
                model.resolveSibling(stem + ".training.csv"),
                model.resolveSibling(stem + ".training.png"),
                model.resolveSibling(stem + ".train.properties"),
                model.resolveSibling(stem + ".checkpoints"));
    }

    /** Throws unless all of them can be written, none is an input, and none is there that may not be replaced. */
    void requireWritable(Path data, List<Path> configs, boolean force, boolean resume) throws IOException {
        List<Path> files = files();
        for (Path file : files) {
            OutputFiles.requireDistinct("--out", file, "the data", data);
            configs.forEach(config -> OutputFiles.requireDistinct("--out", file, "the file of --config", config));
        }
        boolean interrupted = !CheckpointDirectory.checkpoints(checkpoints).isEmpty();
        boolean replace = force || (resume && interrupted);
        files.forEach(file -> OutputFiles.requireWritable("--out", file, replace));
        if (Files.exists(checkpoints) && !Files.isDirectory(checkpoints)) {
            throw new BadInputException("--out: " + checkpoints
                    + " should be the directory of the checkpoints, but is a file; choose another name");
        }
        if (Files.isDirectory(checkpoints) && !Files.isWritable(checkpoints)) {
            throw new BadInputException("--out: the directory " + checkpoints
                    + " is not writable; change its rights or choose another name");
        }
        if (interrupted && !replace) {
            throw new BadInputException(
                    "--out: " + checkpoints
                            + " holds checkpoints of an earlier training; continue it with --resume, or start over with --force");
        }
    }

    private List<Path> files() {
        return List.of(model, history, picture, options);
    }

    /** Takes the checkpoints' directory for this training alone. */
    CheckpointDirectory open() throws IOException {
        try {
            return CheckpointDirectory.open(checkpoints);
        } catch (CheckpointsInUseException e) {
            throw new BadInputException("--out: " + e.getMessage());
        }
    }

    /** Deletes what a training that was killed left half written; only while the checkpoints' directory is this training's. */
    void deleteLeftovers() throws IOException {
        List<String> names =
                files().stream().map(file -> String.valueOf(file.getFileName())).toList();
        AtomicFile.deleteLeftovers(model.toAbsolutePath().resolveSibling(""), names::contains);
    }

    void writeHistory(List<TrainingPoint> points) throws IOException {
        StringBuilder text = new StringBuilder("step,loss,validation_loss,gradient_norm,learning_rate\n");
        for (TrainingPoint point : points) {
            text.append(point.step());
            for (double value :
                    new double[] {point.loss(), point.validationLoss(), point.gradientNorm(), point.learningRate()}) {
                text.append(',').append(value);
            }
            text.append('\n');
        }
        AtomicFile.write(history, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes what trains this model again, given the same data. */
    void writeOptions(Path data, ParseResult parsed, TrainingConfig config) throws IOException {
        String text = ConfigText.of(
                parsed,
                SettledOptions.of(config),
                List.of(
                        "What trained " + model + ". To train it again from the same data:",
                        "slicedscore train " + data + " --config " + options + " --out again.safetensors"));
        AtomicFile.write(options, text.getBytes(StandardCharsets.UTF_8));
    }

    void writePicture(List<TrainingPoint> points) throws IOException {
        AtomicFile.write(picture, LossChart.draw(points));
    }
}
