package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command evaluate on models of a Gaussian, whose likelihood is known. */
class EvaluateTest {
    private static final double[][] COVARIANCE = {{1, 0.6}, {0.6, 2}};
    private static final Gaussian TRUTH = new Gaussian(new double[] {3, -1}, COVARIANCE);
    private static final Gaussian SHIFTED = new Gaussian(new double[] {3.8, -1}, COVARIANCE);

    /** Mean log-density of the Gaussian's own points: -(D log 2 pi + log det + D) / 2. */
    private static final double EXPECTED = -0.5 * (2 * Math.log(2 * Math.PI) + Math.log(2 - 0.36) + 2);

    @TempDir
    static Path folder;

    private static Path train;
    private static Path test;
    private static Path shifted;
    private static Path energy;
    private static Path levels;

    @BeforeAll
    static void trainModels() throws IOException {
        train = write("train.csv", TRUTH, 1, 4000);
        test = write("test.csv", TRUTH, 2, 500);
        shifted = write("shifted.csv", SHIFTED, 3, 500);
        energy = train("energy", "--noise", "0", "--steps", "800");
        levels = train(
                "levels", "--model", "score", "--objective", "dsm", "--noise-levels", "5:0.05:8", "--steps", "2000");
    }

    /** The training data begin with another column, and have the two in another order. */
    private static Path write(String name, Gaussian from, long seed, int rows) throws IOException {
        Dataset points = from.sample(seed, rows);
        boolean training = name.equals("train.csv");
        StringBuilder text = new StringBuilder(training ? "note,b,a\n" : "a,b\n");
        for (int row = 0; row < rows; row++) {
            double a = points.value(row, 0);
            double b = points.value(row, 1);
            text.append(training ? "x," + b + "," + a : a + "," + b).append('\n');
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static Path train(String name, Object... options) {
        Path model = folder.resolve(name + ".safetensors");
        List<Object> line = new ArrayList<>(List.of("train", train, "--out", model, "--drop", "note", "--quiet"));
        line.addAll(List.of("--hidden", "32", "--lr", "0.01"));
        line.addAll(List.of(options));
        Outcome outcome = Cli.run(line.toArray());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return model;
    }

    private static String evaluate(Path model, Path rows, Object... options) {
        List<Object> line = new ArrayList<>(List.of("evaluate", model, rows));
        line.addAll(List.of("--importance-samples", "4000", "--annealed-chains", "100", "--temperatures", "50"));
        line.addAll(List.of(options));
        Outcome outcome = Cli.run(line.toArray());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private static void assertLikelihood(String json, Object... path) {
        List<Object> mean = new ArrayList<>(List.of(path));
        mean.add("mean");
        // 500 rows have a standard error of 1/sqrt(500) = 0.045; the rest is for what the model has yet to learn.
        assertThat(ParsedJson.number(json, mean.toArray())).isCloseTo(EXPECTED, within(0.2));
    }

    @Test
    void anEnergyThatFits() {
        String json = evaluate(energy, test, "--train", train, "--json");

        assertThat(ParsedJson.at(json, "rows")).isEqualTo(500.0);
        assertThat(ParsedJson.at(json, "train")).isEqualTo(train.toString());
        assertLikelihood(json, "log_likelihood", "importance");
        assertLikelihood(json, "log_likelihood", "annealed");
        assertThat(ParsedJson.at(json, "log_likelihood", "flow", "missing").toString())
                .contains("without noise levels", "--noise-levels");
        assertThat(ParsedJson.number(json, "log_likelihood", "importance", "sampling_error"))
                .isBetween(0.02, 0.08);
        assertThat(ParsedJson.number(json, "log_likelihood", "importance", "normalizer_error"))
                .isBetween(0.0, 0.05);
        assertThat(ParsedJson.at(json, "log_likelihood", "importance", "warnings"))
                .isEqualTo(List.of());
        for (int i = 0; i < 3; i++) {
            assertLikelihood(json, "baselines", i);
            assertThat(ParsedJson.at(json, "baselines", i, "description").toString())
                    .contains("4000 rows")
                    .doesNotContain("each half");
        }
        // tr J + |s|^2/2 of standardised Gaussian data: -tr of the inverse correlation / 2 = -1/(1 - 0.18).
        for (String loss : new String[] {"exact", "ssm", "ssm-vr"}) {
            assertThat(ParsedJson.number(json, "losses", loss, "mean")).isCloseTo(-1 / 0.82, within(0.15));
        }
        assertThat(ParsedJson.number(json, "tests", "stein", "p_value")).isGreaterThan(0.01);
        assertThat(ParsedJson.number(json, "tests", "mmd", "p_value")).isGreaterThan(0.01);
        assertThat(ParsedJson.number(json, "tests", "classifier", "p_value")).isGreaterThan(0.01);
    }

    @Test
    void rowsOfAnotherDistribution() {
        String table = evaluate(energy, shifted);

        assertThat(table.lines().filter(line -> line.endsWith("; they do not look like the model's")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).containsPattern("p (< 0\\.001|0\\.0[0-4])"));
    }

    @Test
    void aTableForPeople() {
        String table = evaluate(energy, test);

        assertThat(table)
                .startsWith("model  " + energy + ", energy network 2-32-1, softplus")
                .contains("rows   500 of " + test + "\n")
                .containsPattern("\n  exact +-1\\.[0-9]{4} \\+- 0\\.[0-9]{4}\n")
                .containsPattern(
                        "\n  importance sampling +-3\\.[0-9]{4} \\+- 0\\.[0-9]{4} by the rows, \\+- 0\\.0[0-9]{3} by"
                                + " the normaliser   weights worth [0-9]+ of 4000 samples\n")
                .contains("fitted to each half of the rows for the other", "gaussian", "mixture")
                .containsPattern("\n  Stein +-?0\\.[0-9]{5}   p 0\\.[0-9]{3}   KSD\\^2 of 500 rows\n")
                // A hundred chains are few.
                .containsPattern("\n  annealed sampling +-3\\.[0-9]{4} .*\n    warning: the 100 weights are worth only")
                .doesNotContain("noised", "trained on");
    }

    @Test
    void theSeedDecidesTheFigures() {
        String table = evaluate(energy, test, "--rows", "50");
        assertThat(evaluate(energy, test, "--rows", "50")).isEqualTo(table);
        assertThat(evaluate(energy, test, "--rows", "50", "--seed", "2")).isNotEqualTo(table);
    }

    @Test
    void aModelWithNoiseLevels() {
        String json = evaluate(levels, test, "--flow-rows", "200", "--json");

        assertLikelihood(json, "log_likelihood", "flow");
        assertThat(ParsedJson.at(json, "log_likelihood", "flow", "rows")).isEqualTo(200.0);
        assertThat(ParsedJson.number(json, "log_likelihood", "flow", "divergence_error"))
                .isZero();
        assertThat(ParsedJson.at(json, "log_likelihood", "importance", "missing")
                        .toString())
                .contains("score network", "probability flow");
        assertThat(ParsedJson.at(json, "remarks", 0).toString()).contains("noised by 0.05 deviations");
        assertThat(ParsedJson.number(json, "tests", "mmd", "p_value")).isGreaterThan(0.01);
    }

    @Test
    void theRowsThatItLearned() {
        assertThat(evaluate(energy, train, "--rows", "300"))
                .contains("rows   300 of", "note   these are the rows that the model");
    }

    @Test
    void tooFewRowsForATest() throws IOException {
        String table = evaluate(energy, write("few.csv", TRUTH, 4, 9));

        assertThat(table)
                .containsPattern("\n  Stein +none  a Stein test needs at least 10 rows")
                .contains("rows   9 of");
    }

    private static Path far(String name, String row, int... places) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(test));
        for (int place : places) {
            lines.set(1 + place, row);
        }
        return Files.write(folder.resolve(name), lines);
    }

    /** Rows whose log-density no float holds: how many, and which is the first. */
    @Test
    void rowsThatAreTooFarAway() throws IOException {
        String table = evaluate(energy, far("far.csv", "1,-1e30", 400, 17), "--train", train);

        assertThat(table)
                .containsPattern("\n  importance sampling +none  the log-density of 2 of 500 rows is below the range of"
                        + " single precision, .* the first is row 17 \\(counted from 0\\)")
                .containsPattern("\n  exact +[0-9]\\.[0-9]{4}e\\+5[0-9] \\+- [0-9]\\.[0-9]{4}e\\+5[0-9]\n")
                .doesNotContain("NaN", "Infinity");

        Path farther = far("farther.csv", "1e200,-1", 444, 333, 222, 499);
        String where = farther + ": row 222 (counted from 0), column 'a': 1.0E200 is too large for single precision";
        assertRefused(Cli.run("evaluate", energy, farther), where);
        assertRefused(Cli.run("evaluate", energy, test, "--train", farther), where);
    }

    /** Twenty rows are ten to fit to, which is enough of two columns, but four are not. */
    @Test
    void whatLacksRowsIsNamed() {
        assertThat(evaluate(energy, test, "--rows", "20"))
                .contains("\n  mixture ")
                .doesNotContain("none  a density");
        assertThat(evaluate(energy, test, "--rows", "4"))
                .contains(
                        "  gaussian                    none  a density of 2 columns is fitted to at least 4 rows, not 2;"
                                + " take more rows\n",
                        "  mixture                     none  ",
                        "  kernel-density              none  ");
    }

    @Test
    void whatIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), "a,c\n1,2\n3,4\n");
        assertRefused(Cli.run("evaluate", energy, other), other + " lacks the column 'b' of the model");
        assertRefused(
                Cli.run("evaluate", energy, test, "--train", other), other + " lacks the column 'b' of the model");
        assertRefused(Cli.run("evaluate", energy, folder.resolve("no.csv")), "there is no file");
        assertRefused(Cli.run("evaluate", folder.resolve("no.safetensors"), test), "there is no model file");
        assertRefused(Cli.run("evaluate", energy, test, "--rows", "0"), "--rows", "at least 1");
        assertRefused(Cli.run("evaluate", energy, test, "--importance-samples", "10"), "at least 100", "not 10");
        assertRefused(Cli.run("evaluate", energy, test, "--annealed-chains", "2"), "at least 20", "not 2");
        assertRefused(Cli.run("evaluate", energy, test, "--temperatures", "1"), "at least 2", "not 1");
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }
}
