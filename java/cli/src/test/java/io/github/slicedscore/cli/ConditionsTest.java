package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model of a column given two others, whose rows are a Gaussian's: a = 10 + 2 (b - 50) / 10 - class + e, e ~ N(0, 1), b ~ N(50,
 * 10^2) rounded to tens, class 0 or 1.
 */
class ConditionsTest {
    @TempDir
    static Path folder;

    private static Path train;
    private static Path model;

    @BeforeAll
    static void trainModel() throws IOException {
        train = write("train.csv", 1, 4000);
        model = folder.resolve("m.safetensors");
        Outcome outcome = Cli.run(
                "train",
                train,
                "--out",
                model,
                "--condition",
                "b,\"class, 0 or 1\"",
                "--hidden",
                "32",
                "--lr",
                "0.01",
                "--steps",
                "1500",
                "--noise",
                "0",
                "--no-dequantize",
                "--quiet");
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    private static Path write(String name, long seed, int rows) throws IOException {
        Dataset points = new Gaussian(new double[2], new double[][] {{1, 0}, {0, 1}}).sample(seed, rows);
        StringBuilder text = new StringBuilder("b,a,\"class, 0 or 1\"\n");
        for (int row = 0; row < rows; row++) {
            long b = 50 + 10 * Math.max(-1, Math.min(1, Math.round(points.value(row, 0))));
            text.append(b)
                    .append(',')
                    .append(mean((double) b, row % 2) + points.value(row, 1))
                    .append(',')
                    .append(row % 2)
                    .append('\n');
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static double mean(double b, double group) {
        return 10 + 2 * (b - 50) / 10 - group;
    }

    private static Outcome run(Object... arguments) {
        Outcome outcome = Cli.run(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    private static void assertMoments(List<Double> values, double mean) {
        double average = values.stream().mapToDouble(value -> value).average().orElseThrow();
        double variance = values.stream()
                .mapToDouble(value -> (value - average) * (value - average))
                .average()
                .orElseThrow();
        assertThat(average).isCloseTo(mean, within(0.25));
        assertThat(Math.sqrt(variance)).isCloseTo(1, within(0.15));
    }

    @Test
    void samplesFollowTheCondition() {
        for (String b : List.of("40", "60")) {
            Outcome outcome = run("sample", model, "-n", "600", "--given", "\"class, 0 or 1\"=1,b=" + b);
            assertThat(outcome.out()).startsWith("a\n");
            assertMoments(outcome.out().lines().skip(1).map(Double::valueOf).toList(), mean(Double.parseDouble(b), 1));
        }
        assertThat(run("sample", model, "-n", "5", "--given", "b=40", "--given", "\"class, 0 or 1\"=1")
                        .out())
                .isEqualTo(run("sample", model, "-n", "5", "--given", "b=40,\"class, 0 or 1\"=1")
                        .out());
    }

    @Test
    void aTableOfConditions() throws IOException {
        Path given = Files.writeString(folder.resolve("given.csv"), "note;b;class, 0 or 1\nx;40;0\ny;50;1\nz;60;0\n");
        Outcome outcome = run("sample", model, "-n", "600", "--given-file", given);
        assertThat(outcome.out()).startsWith("a,b,\"class, 0 or 1\"\n").contains(",40,0\n", ",50,1\n", ",60,0\n");
        double[][] rows = Outcome.table(outcome.out());
        assertThat(rows).hasDimensions(1800, 3);
        for (int i = 0; i < 3; i++) {
            List<Double> values = new java.util.ArrayList<>();
            for (int row = 600 * i; row < 600 * (i + 1); row++) {
                assertThat(rows[row][1]).isEqualTo(40 + 10 * i);
                values.add(rows[row][0]);
            }
            assertMoments(values, mean(40 + 10 * i, i % 2));
        }
        assertThat(Outcome.table(run("sample", model, "--given-file", given).out()))
                .hasDimensions(3, 3);
        assertThat(Outcome.table(run("sample", model, "--given-file", given, "--method", "mala", "--warm-up", "40")
                        .out()))
                .hasDimensions(3, 3);
    }

    /** Densities of different conditions can't be compared until they are normalised. */
    @Test
    void scoresHaveNoPercentilesAndAnomaliesAreNormalised() throws IOException {
        Path test = write("test.csv", 2, 300);
        assertThat(run("score", model, test).out()).startsWith("log_density,score_norm\n");
        // The first two are 5 deviations off for their b, and would be 3 and 7 for others; the other two are what is
        // expected.
        Path odd = Files.writeString(
                folder.resolve("odd.csv"), Files.readString(test) + "50,15,0\n50,5,0\n60,12,0\n40,8,0\n");
        String json = run("anomalies", model, odd, "--train", train, "--top", "304", "--json")
                .out();
        assertThat(List.of(
                        ParsedJson.number(json, "most_unusual", 0, "line"),
                        ParsedJson.number(json, "most_unusual", 1, "line")))
                .containsExactlyInAnyOrder(302.0, 303.0);
        assertThat(ParsedJson.number(json, "most_unusual", 0, "percentile")).isLessThan(1);
        assertThat(ParsedJson.at(json, "percentiles_among")).isEqualTo("rows of " + train);
        // log N(0; 0, 1) under both conditions.
        int found = 0;
        for (int i = 0; i < 304; i++) {
            if (ParsedJson.number(json, "most_unusual", i, "line") >= 304) {
                assertThat(ParsedJson.number(json, "most_unusual", i, "log_density"))
                        .isCloseTo(-0.5 * Math.log(2 * Math.PI), within(0.25));
                found++;
            }
        }
        assertThat(found).isEqualTo(2);
    }

    /** -(log 2 pi + 1) / 2 is the mean of log N(e; 0, 1). */
    @Test
    void evaluateEstimatesTheConstantOfEachCondition() throws IOException {
        String json = run(
                        "evaluate",
                        model,
                        write("held.csv", 3, 600),
                        "--importance-samples",
                        "4000",
                        "--annealed-chains",
                        "100",
                        "--temperatures",
                        "50",
                        "--json")
                .out();
        assertThat(ParsedJson.number(json, "log_likelihood", "importance", "mean"))
                .isCloseTo(-0.5 * (Math.log(2 * Math.PI) + 1), within(0.15));
        assertThat(ParsedJson.number(json, "tests", "mmd", "p_value")).isGreaterThan(0.01);
    }

    @Test
    void missingValuesGivenTheCondition() throws IOException {
        Path gaps = Files.writeString(folder.resolve("gaps.csv"), "a,b,\"class, 0 or 1\"\n,60,0\nNA,40,1\n");
        Path out = folder.resolve("filled.csv");
        run("impute", model, gaps, "--out", out, "--chains", "64");
        double[][] filled = Outcome.table(Files.readString(out));
        assertThat(filled[0][0]).isCloseTo(12, within(0.3));
        assertThat(filled[1][0]).isCloseTo(7, within(0.3));
        Path lacking = Files.writeString(folder.resolve("lacking.csv"), "a,b,\"class, 0 or 1\"\n1,60,0\n2,,1\n");
        assertRefused(
                Cli.run("impute", model, lacking, "--out", folder.resolve("o.csv")),
                "lacking.csv, line 3: column 'b' has no number",
                "condition");
    }

    @Test
    void whatIsRefused() throws IOException {
        assertRefused(Cli.run("sample", model, "--given", "b=1"), "is conditioned on 'class, 0 or 1'");
        assertRefused(Cli.run("sample", model, "--given", "b=7,b=3"), "--given", "'b' twice", "--given-file");
        assertRefused(Cli.run("sample", model, "--given", "b=7", "--given", "b=3"), "--given gives 'b' twice");
        assertRefused(Cli.run("sample", model, "--given", "z=7"), "--given names 'z'", "there are b, class, 0 or 1");
        assertRefused(Cli.run("sample", model, "--given", "b"), "--given", "'b' is not NAME=VALUE");
        assertRefused(Cli.run("sample", model, "--given", "b=many"), "'b=many': that is no finite number");
        assertRefused(Cli.run("sample", model, "--given", "b=NaN"), "'b=NaN': that is no finite number");
        assertRefused(Cli.run("sample", model, "--given", "\"b=1"), "double quote that is not closed");
        Path given = Files.writeString(folder.resolve("half.csv"), "b\n1\n");
        assertRefused(Cli.run("sample", model, "--given-file", given), "lacks the column 'class, 0 or 1'");
        assertRefused(Cli.run("sample", model, "--given-file", given, "--given", "b=1"), "leave one of the two out");
        assertRefused(
                Cli.run("sample", model, "--given-file", given, "--out", given, "--force"), "the file of --given-file");
    }
}
