package io.github.slicedscore.cli;

import io.github.slicedscore.eval.Finding;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.train.TrainingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the table of losses that {@code train} writes beside a model. */
final class TrainingHistory {
    private TrainingHistory() {}

    /** The points of a model's training, or why they are not known: that the table is missing, damaged or of another training. */
    static Finding<List<TrainingPoint>> of(Path model, Provenance origin) throws IOException {
        Path file = TrainingFiles.of(model).history();
        if (!Files.isRegularFile(file)) {
            return new Finding.Missing<>("there is no " + file + ", which 'train' writes beside the model");
        }
        List<String> lines = Files.readAllLines(file);
        List<TrainingPoint> points = new ArrayList<>();
        for (int line = 1; line < lines.size(); line++) {
            try {
                points.add(point(lines.get(line).split(",", -1)));
            } catch (IllegalArgumentException e) {
                return new Finding.Missing<>(
                        file + ", line " + (line + 1) + ", is none that 'train' writes: '" + lines.get(line) + "'");
            }
        }
        boolean belongs = points.stream()
                .anyMatch(point -> point.step() == origin.bestStep() && point.loss() == origin.trainingLoss());
        return belongs
                ? new Finding.Known<>(List.copyOf(points))
                : new Finding.Missing<>(file + " is of another training: it has no step " + origin.bestStep()
                        + " with the model's loss");
    }

    private static TrainingPoint point(String[] fields) {
        if (fields.length != 5) {
            throw new IllegalArgumentException();
        }
        return new TrainingPoint(
                Long.parseLong(fields[0]),
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]));
    }
}
