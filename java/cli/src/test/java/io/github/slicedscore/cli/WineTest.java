package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wine Quality from the command line, where {@link WineData its two files} are; the red one under the profile full. */
class WineTest {
    private static final int COLUMNS = 11;

    /** The column that is shuffled: the density of wine follows from its sugar and alcohol. */
    private static final int DENSITY = 7;

    @TempDir
    Path folder;

    static List<String> colours() {
        return Boolean.getBoolean("slicedscore.wines.full") ? List.of("white", "red") : List.of("white");
    }

    @ParameterizedTest
    @MethodSource("colours")
    void samplesAreLikeTheDataAndDensitiesTellRealRowsFromShuffledOnes(String colour) throws IOException {
        List<String> lines = Files.readAllLines(WineData.of(colour));
        List<String> training = new ArrayList<>(lines.subList(0, 1));
        List<String> held = new ArrayList<>(lines.subList(0, 1));
        for (int i = 1; i < lines.size(); i++) {
            (i % 10 == 0 ? held : training).add(lines.get(i));
        }
        Path data = Files.write(folder.resolve("train.csv"), training);
        Path real = Files.write(folder.resolve("held.csv"), held);
        Path shuffled = Files.write(folder.resolve("shuffled.csv"), shuffled(held));
        Path model = folder.resolve("wine.safetensors");
        Path samples = folder.resolve("samples.csv");
        Path plot = folder.resolve("samples.png");

        run("train", data, "--out", model, "--drop", "quality", "--noise", "0.3", "--steps", "1500");
        Outcome scores = run("score", model, real);
        Outcome scoresOfShuffled = run("score", model, shuffled);
        run("sample", model, "-n", "1000", "--seed", "1", "--out", samples, "--plot", plot, "--data", data);

        assertThat(mean(scoresOfShuffled.column(0))).isLessThan(mean(scores.column(0)) - 1);
        assertThat(plot).isNotEmptyFile();
        double[][] drawn = Outcome.table(Files.readString(samples));
        double[][] wanted = Outcome.table(String.join("\n", lines).replace(';', ','));
        assertThat(drawn).hasDimensions(1000, COLUMNS);
        for (int i = 0; i < COLUMNS; i++) {
            double[] ofData = column(wanted, i);
            double[] ofSamples = column(drawn, i);
            double deviation = deviation(ofData);
            assertThat((mean(ofSamples) - mean(ofData)) / deviation)
                    .as("mean of column %d of %s wine, in deviations", i, colour)
                    .isCloseTo(0, within(0.15));
            assertThat(deviation(ofSamples) / deviation)
                    .as("deviation of column %d of %s wine", i, colour)
                    .isCloseTo(1, within(0.25));
        }
    }

    private static Outcome run(Object... arguments) {
        Outcome outcome = Cli.run(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    /** The rows with one column moved on by half the table. */
    private static List<String> shuffled(List<String> table) {
        List<String> result = new ArrayList<>(table.subList(0, 1));
        int rows = table.size() - 1;
        for (int i = 0; i < rows; i++) {
            String[] row = table.get(1 + i).split(";", -1);
            row[DENSITY] = table.get(1 + (i + rows / 2) % rows).split(";", -1)[DENSITY];
            result.add(String.join(";", row));
        }
        return result;
    }

    private static double[] column(double[][] table, int index) {
        return Arrays.stream(table).mapToDouble(row -> row[index]).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }
}
