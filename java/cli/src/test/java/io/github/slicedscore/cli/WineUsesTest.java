package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a model of white wines (Cortez et al. 2009, UCI) is good for, where the files are that {@link WineTest} wants: four fifths
 * are learned, the other fifth is held out.
 */
class WineUsesTest {
    private static final int COLUMNS = 11;

    @TempDir
    static Path folder;

    private static List<String> white;
    private static List<String> red;
    private static Path train;
    private static Path model;

    @BeforeAll
    static void trainModel() throws IOException {
        white = Files.readAllLines(source("white"));
        red = Files.readAllLines(source("red"));
        train = write("train.csv", rows(false));
        model = folder.resolve("wine.safetensors");
        run(
                "train",
                train,
                "--out",
                model,
                "--drop",
                "quality",
                "--noise",
                "0.1",
                "--hidden",
                "64,64",
                "--lr",
                "0.004",
                "--steps",
                "1000",
                "--quiet");
    }

    private static Path source(String colour) {
        String fromEnvironment = System.getenv("SLICEDSCORE_DATA");
        String directory =
                fromEnvironment != null ? fromEnvironment : System.getProperty("slicedscore.data.dir", "data");
        Path file = Path.of(directory, "uci", "winequality-" + colour + ".csv").normalize();
        assumeTrue(
                Files.exists(file),
                "there is no " + file + "; get it from the UCI Machine Learning Repository (Wine Quality), and set"
                        + " SLICEDSCORE_DATA to the directory that holds uci/");
        return file;
    }

    /** The header and every fifth white wine, or the others. */
    private static List<String> rows(boolean held) {
        List<String> rows = new ArrayList<>(white.subList(0, 1));
        for (int i = 1; i < white.size(); i++) {
            // Lines count from 1.
            if ((i + 1) % 5 == 0 == held) {
                rows.add(white.get(i));
            }
        }
        return rows;
    }

    private static Path write(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    private static Outcome run(Object... arguments) {
        Outcome outcome = Cli.run(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    /** Every red wine is an anomaly among white ones. */
    @Test
    void redWinesAreUnusualWhiteWines() throws IOException {
        List<String> mixed = new ArrayList<>();
        for (String row : rows(true)) {
            mixed.add(row + (mixed.isEmpty() ? ";colour" : ";white"));
        }
        red.subList(1, red.size()).forEach(row -> mixed.add(row + ";red"));

        String json = run(
                        "anomalies",
                        model,
                        write("mixed.csv", mixed),
                        "--labels",
                        "colour=red",
                        "--train",
                        train,
                        "--json")
                .out();
        assertThat(ParsedJson.number(json, "quality", "anomalies")).isEqualTo(1599);
        assertThat(ParsedJson.number(json, "quality", "others")).isEqualTo(979);
        assertThat(ParsedJson.number(json, "quality", "auc")).isGreaterThan(0.99);
        assertThat(ParsedJson.number(json, "mahalanobis", "auc")).isBetween(0.98, 0.988);
    }

    /** Of held-out rows every seventh value is taken out: they come back with a fifth less error than column means have. */
    @Test
    void missingValuesComeBackBetterThanColumnMeans() throws IOException {
        List<String> held = rows(true).subList(0, 401);
        List<String> gaps = new ArrayList<>(held.subList(0, 1));
        for (int row = 1; row < held.size(); row++) {
            String[] fields = held.get(row).split(";", -1);
            for (int i = 0; i < COLUMNS; i++) {
                if (isTaken(row, i)) {
                    fields[i] = "";
                }
            }
            gaps.add(String.join(";", fields));
        }
        Path out = folder.resolve("filled.csv");
        run("impute", model, write("gaps.csv", gaps), "--out", out, "--chain-draws", "10");

        double[][] learned = table(Files.readAllLines(train));
        double[][] truth = table(held);
        double[][] filled = table(Files.readAllLines(out));
        double error = 0;
        double errorOfMeans = 0;
        for (int i = 0; i < COLUMNS; i++) {
            double mean = 0;
            double square = 0;
            for (double[] row : learned) {
                mean += row[i] / learned.length;
                square += row[i] * row[i] / learned.length;
            }
            for (int row = 0; row < truth.length; row++) {
                if (isTaken(row + 1, i)) {
                    double variance = square - mean * mean;
                    error += Math.pow(filled[row][i] - truth[row][i], 2) / variance;
                    errorOfMeans += Math.pow(mean - truth[row][i], 2) / variance;
                } else {
                    assertThat(filled[row][i]).isEqualTo(truth[row][i]);
                }
            }
        }
        assertThat(Math.sqrt(error / errorOfMeans)).isLessThan(0.8);
    }

    private static boolean isTaken(int row, int column) {
        return (11 * row + 5 * column) % 7 == 0;
    }

    private static double[][] table(List<String> lines) {
        return Outcome.table(String.join("\n", lines).replace(';', ','));
    }
}
