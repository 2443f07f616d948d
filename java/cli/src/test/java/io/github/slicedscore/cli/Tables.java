package io.github.slicedscore.cli;

import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.GaussianMixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CSV files to learn from. */
final class Tables {
    private Tables() {}

    /** Points of the demo's mixture as columns a and "b, in m", a third column of text, and a fourth of 0 and 1. */
    static Path mixture(Path file, int rows) throws IOException {
        Dataset points = GaussianMixture.demo().sample(5, rows);
        StringBuilder text = new StringBuilder("a,\"b, in m\",name,side\n");
        for (int row = 0; row < rows; row++) {
            double a = points.value(row, 0);
            text.append(a)
                    .append(',')
                    .append(100 + 10 * points.value(row, 1))
                    .append(",row")
                    .append(row);
            text.append(',').append(a > 0 ? 1 : 0).append('\n');
        }
        return Files.writeString(file, text);
    }
}
