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

/**
 * Commands that use models of a Gaussian, N((3, -1), [[1, 1.2], [1.2, 2]]): its columns have deviations 1 and 2^(1/2), and a
 * correlation of 1.2 / 2^(1/2) = 0.85.
 */
class UsesTest {
    private static final Gaussian TRUTH = new Gaussian(new double[] {3, -1}, new double[][] {{1, 1.2}, {1.2, 2}});

    @TempDir
    static Path folder;

    private static Path train;
    private static Path energy;
    private static Path score;

    @BeforeAll
    static void trainModels() throws IOException {
        Dataset points = TRUTH.sample(1, 4000);
        StringBuilder text = new StringBuilder("name;b;a\n");
        for (int row = 0; row < 4000; row++) {
            text.append("x;")
                    .append(points.value(row, 1))
                    .append(';')
                    .append(points.value(row, 0))
                    .append('\n');
        }
        train = Files.writeString(folder.resolve("train.csv"), text);
        energy = train("energy", "--noise", "0", "--steps", "800");
        score = train(
                "score",
                "--model",
                "score",
                "--hidden",
                "none",
                "--objective",
                "dsm",
                "--sigma",
                "0.5",
                "--steps",
                "800");
    }

    private static Path train(String name, Object... options) {
        Path model = folder.resolve(name + ".safetensors");
        List<Object> line = new ArrayList<>(List.of("train", train, "--out", model, "--columns", "a,b", "--quiet"));
        line.addAll(List.of("--lr", "0.01"));
        if (!List.of(options).contains("--hidden")) {
            line.addAll(List.of("--hidden", "32"));
        }
        line.addAll(List.of(options));
        Outcome outcome = Cli.run(line.toArray());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return model;
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Outcome run(Object... arguments) {
        Outcome outcome = Cli.run(arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).doesNotContain("Exception");
        return outcome;
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    /** Lines 3 and 5 are far off: the first against the correlation, by both its columns; the other in b alone. */
    private static Path mixed() throws IOException {
        return write(
                "mixed.csv",
                "a,b,kind,bad\n3,-1,usual,0\n4.5,-3,odd,1\n3.5,-0.5,usual,0\n3,4,odd,1\n2.5,-1.4,usual,0\n");
    }

    @Test
    void anomaliesAreRankedWithReasons() throws IOException {
        Outcome outcome = run("anomalies", energy, mixed(), "--labels", "kind=odd", "--train", train, "--top", "3");
        assertThat(outcome.out())
                .startsWith("model  " + energy + ", energy network 2-32-1")
                .contains("rows   5 of ", "by their log density")
                .contains("are the 2 with kind=odd the unusual ones?")
                .containsPattern("\n  log density +1\\.0000 +1\\.0000\n  Mahalanobis distance +1\\.0000 +1\\.0000\n")
                .containsPattern("\n +3 +-[0-9.]+ +0\\.0 +yes  .*a too high \\([0-9.]+\\)")
                .containsPattern("\n +5 +-[0-9.]+ +0\\.0 +yes  .*b too high \\([0-9.]+\\), a too low \\([0-9.]+\\)")
                .containsPattern("\n +[246] +-[0-9.]+ +[1-9][0-9.]* +no  ");
        assertThat(outcome.out().lines().filter(line -> line.contains(" yes ") || line.contains(" no ")))
                .hasSize(3);
    }

    @Test
    void anomaliesAsJsonAndAsATable() throws IOException {
        Path out = folder.resolve("ranked.csv");
        String json = run("anomalies", energy, mixed(), "--labels", "bad", "--json", "--out", out)
                .out();
        assertThat(ParsedJson.at(json, "statistic")).isEqualTo("log-density");
        assertThat(ParsedJson.at(json, "labels")).isEqualTo("bad=1");
        assertThat(ParsedJson.number(json, "quality", "auc")).isEqualTo(1);
        assertThat(ParsedJson.number(json, "quality", "anomalies")).isEqualTo(2);
        assertThat(ParsedJson.at(json, "mahalanobis", "missing").toString()).contains("no rows were given");
        assertThat(ParsedJson.at(json, "percentiles_among")).isEqualTo("rows held out in training");
        assertThat((List<?>) ParsedJson.at(json, "most_unusual")).hasSize(5);
        assertThat(ParsedJson.at(json, "most_unusual", 0, "anomaly")).isEqualTo(true);
        assertThat(ParsedJson.number(json, "most_unusual", 4, "percentile")).isGreaterThan(20);

        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0))
                .isEqualTo("rank,line,log_density,percentile,anomaly,column_1,score_1,column_2,score_2");
        assertThat(lines.subList(1, 3))
                .anySatisfy(line -> assertThat(line).matches("[12],3,-[0-9.]+,0\\.0,1,[ab],-?[0-9.]+,[ab],-?[0-9.]+"))
                .anySatisfy(line -> assertThat(line).matches("[12],5,-[0-9.]+,0\\.0,1,b,-[0-9.]+,a,[0-9.]+"));
        assertRefused(Cli.run("anomalies", energy, mixed(), "--out", out), out + " exists; replace it with --force");

        String plain = run("anomalies", energy, mixed(), "--json").out();
        assertThat(ParsedJson.at(plain, "quality")).isNull();
        assertThat(ParsedJson.at(plain, "mahalanobis")).isNull();
        assertThat(ParsedJson.at(plain, "most_unusual", 0, "anomaly")).isNull();
    }

    @Test
    void anomaliesUnderAScoreNetwork() throws IOException {
        String json =
                run("anomalies", score, mixed(), "--labels", "bad", "--json").out();
        assertThat(ParsedJson.at(json, "statistic")).isEqualTo("path");
        assertThat(ParsedJson.at(json, "percentiles_among")).isNull();
        assertThat(ParsedJson.at(json, "most_unusual", 0, "percentile")).isNull();
        assertThat(ParsedJson.number(json, "quality", "auc")).isEqualTo(1);
        String norm = run("anomalies", score, mixed(), "--labels", "bad", "--statistic", "score-norm", "--json")
                .out();
        assertThat(ParsedJson.number(norm, "quality", "auc")).isEqualTo(1);
        String among =
                run("anomalies", score, mixed(), "--train", train, "--json").out();
        assertThat(ParsedJson.at(among, "percentiles_among")).isEqualTo("rows of " + train);
        assertThat(ParsedJson.number(among, "most_unusual", 4, "percentile")).isGreaterThan(20);
        assertRefused(
                Cli.run("anomalies", score, mixed(), "--statistic", "log-density"),
                "score network",
                "rank by its path");
        assertRefused(Cli.run("anomalies", score, mixed(), "--statistic", "flow"), "without noise levels");
        assertRefused(
                Cli.run("anomalies", score, mixed(), "--statistic", "depth"), "log-density, flow, path, score-norm");
    }

    @Test
    void labelsAndRowsThatAreRefused() throws IOException {
        assertRefused(Cli.run("anomalies", energy, mixed(), "--labels", "colour=red"), "'colour=red' names no column");
        assertRefused(
                Cli.run("anomalies", energy, mixed(), "--labels", "kind"),
                "mixed.csv, line 2: 'usual' in the column 'kind'",
                "neither 0 nor 1",
                "--labels 'kind=VALUE'");
        assertRefused(Cli.run("anomalies", energy, mixed(), "--labels", "kind=red"), "no row", "kind=red");
        assertRefused(Cli.run("anomalies", energy, mixed(), "--top", "0"), "--top", "at least 1");
        Path gaps = write("gap.csv", "a,b\n1,2\n3,\n4,2\n");
        assertRefused(
                Cli.run("anomalies", energy, gaps), "gap.csv, line 3: column 'b' has no number", "--missing drop");
        Outcome dropped = run("anomalies", energy, gaps, "--missing", "drop");
        assertThat(dropped.err()).contains("left out 1 of 3 rows");
        assertThat(dropped.out()).containsPattern("\n +4 +-").doesNotContainPattern("\n +3 +-");
        assertRefused(Cli.run("anomalies", energy, write("no.csv", "a,c\n1,2\n")), "lacks the column 'b'");
    }

    /** b given a = 4: mean -1 + 1.2 and variance 2 - 1.44. a given b = 1: 3 + 0.6 * 2 and 1 - 0.72. */
    @Test
    void missingValuesAreTheConditionalMeans() throws IOException {
        Path gaps = write("gaps.csv", "b;name;a\nNA;\"x;y\";4.00\n1;;\n-1.50;z;3\n;w;?\n");
        Path out = folder.resolve("filled.csv");
        Path cells = folder.resolve("cells.csv");
        Object[] line = {
            "impute", energy, gaps, "--out", out, "--cells", cells, "--draws", "2", "--chains", "64", "--force"
        };
        Outcome outcome = run(line);
        assertThat(outcome.out())
                .startsWith("4 values filled in, in 3 of 4 rows of " + gaps + "\n")
                .containsPattern("\n  a +2   0\\.[5-9]")
                .contains("proposals accepted: 0.", "largest R-hat: 1.");

        List<String> filled = Files.readAllLines(out);
        assertThat(filled.get(0)).isEqualTo("b;name;a");
        assertThat(filled.get(1)).matches("0\\.[0-9]+;\"x;y\";4\\.00");
        assertThat(filled.get(3)).isEqualTo("-1.50;z;3");
        double[][] found = Files.readAllLines(cells).stream()
                .skip(1)
                .map(text -> java.util.Arrays.stream(text.split(","))
                        .mapToDouble(field -> field.equals("a") ? 0 : field.equals("b") ? 1 : Double.parseDouble(field))
                        .toArray())
                .toArray(double[][]::new);
        assertThat(Files.readAllLines(cells).get(0)).isEqualTo("line,column,mean,deviation,draw_1,draw_2");
        assertCell(found[0], 2, 1, 0.2, Math.sqrt(0.56));
        assertCell(found[1], 3, 0, 4.2, Math.sqrt(0.28));
        assertCell(found[2], 5, 0, 3, 1);
        assertCell(found[3], 5, 1, -1, Math.sqrt(2));
        assertThat(filled.get(2))
                .isEqualTo("1;;" + Files.readAllLines(cells).get(2).split(",", -1)[2]);

        List<String> first = Files.readAllLines(folder.resolve("filled.1.csv"));
        List<String> second = Files.readAllLines(folder.resolve("filled.2.csv"));
        assertThat(first.get(1)).startsWith(Files.readAllLines(cells).get(1).split(",", -1)[4] + ";");
        assertThat(second.get(1)).startsWith(Files.readAllLines(cells).get(1).split(",", -1)[5] + ";");
        assertThat(first.get(3)).isEqualTo("-1.50;z;3");

        String json = run("impute", energy, gaps, "--out", out, "--chains", "2", "--warm-up", "20", "--json", "--force")
                .out();
        assertThat(ParsedJson.at(json, "values")).isEqualTo(4.0);
        assertThat(ParsedJson.at(json, "incomplete_rows")).isEqualTo(3.0);
        assertThat(ParsedJson.at(json, "columns", 0, "missing")).isEqualTo(2.0);
    }

    /** Within what the model has yet to learn. */
    private static void assertCell(double[] cell, int line, int column, double mean, double deviation) {
        assertThat(cell[0]).isEqualTo(line);
        assertThat(cell[1]).isEqualTo(column);
        assertThat(cell[2]).isCloseTo(mean, within(0.25 * deviation));
        assertThat(cell[3]).isCloseTo(deviation, within(0.2 * deviation));
    }

    @Test
    void whatImputeRefuses() throws IOException {
        Path gaps = write("gaps2.csv", "a,b\n1,NA\n");
        Path kept = write("kept.csv", "precious");
        assertRefused(Cli.run("impute", energy, gaps), "Missing required option: '--out=FILLED.csv'");
        assertRefused(Cli.run("impute", energy, gaps, "--out", kept), kept + " exists; replace it with --force");
        assertRefused(Cli.run("impute", energy, gaps, "--out", gaps, "--force"), "is also the data");
        Path taken = write("out.2.csv", "precious");
        assertRefused(
                Cli.run("impute", energy, gaps, "--out", folder.resolve("out.csv"), "--draws", "2"), taken + " exists");
        assertRefused(
                Cli.run("impute", energy, gaps, "--out", folder.resolve("o.csv"), "--cells", folder.resolve("o.csv")),
                "is also a file of --out");
        assertRefused(
                Cli.run("impute", energy, write("text.csv", "a,b\n1,many\n"), "--out", folder.resolve("o.csv")),
                "text.csv, line 2: 'many' in column 'b' is not a finite number");
        assertRefused(Cli.run("impute", energy, gaps, "--out", folder.resolve("o.csv"), "--chains", "1"), "two chains");
        assertRefused(
                Cli.run("impute", energy, gaps, "--out", folder.resolve("o.csv"), "--warm-up", "5"),
                "--warm-up",
                "at least 20 transitions, not 5");
        assertRefused(
                Cli.run("impute", energy, gaps, "--out", folder.resolve("o.csv"), "--chains", "2000000000"),
                "40000000000, and at most 1048576 are held");
        assertRefused(
                Cli.run("impute", energy, gaps, "--out", folder.resolve("o.csv"), "--draws", "2000000000"),
                "--draws: of each value there are 160 draws, so 2000000000 can't be kept");
        assertThat(folder.resolve("o.csv")).doesNotExist();
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(kept).hasContent("precious");
    }

    /**
     * In standardised units E[y_0 | y] = C (C + I/4)^-1 y with correlation c = 0.85; of y = (1, 0) that is
     * (1.25 - c^2, 0.25 c) / (1.25^2 - c^2).
     */
    @Test
    void denoisingGivesTheMeanOfWhatWasBefore() throws IOException {
        Path noisy = write("noisy.csv", "name,a,b\nq,4,-1\n");
        Outcome outcome = run("denoise", score, noisy);
        assertThat(outcome.err()).isEmpty();
        String[] fields = outcome.out().split("\n", -1)[1].split(",", -1);
        double c = 1.2 / Math.sqrt(2);
        double scale = 1.25 * 1.25 - c * c;
        assertThat(outcome.out()).startsWith("name,a,b\nq,");
        assertThat(Double.parseDouble(fields[1])).isCloseTo(3 + (1.25 - c * c) / scale, within(0.05));
        assertThat(Double.parseDouble(fields[2])).isCloseTo(-1 + Math.sqrt(2) * 0.25 * c / scale, within(0.07));

        assertThat(run("denoise", score, noisy, "--sigma", "0.5").out()).isEqualTo(outcome.out());
        assertThat(run("denoise", score, noisy, "--sigma", "0.2").err())
                .contains("warning: " + score + " learned rows noised by 0.5 deviations, not by 0.2");
        Path out = folder.resolve("clean.csv");
        run("denoise", score, noisy, "--out", out);
        assertThat(out).hasContent(outcome.out());
        assertRefused(Cli.run("denoise", score, noisy, "--out", out), "exists; replace it with --force");
        assertRefused(Cli.run("denoise", score, noisy, "--out", noisy, "--force"), "is also the data");
        assertRefused(Cli.run("denoise", energy, noisy), "was trained without noise", "--sigma 0.3");
        assertRefused(
                Cli.run("denoise", score, write("gap3.csv", "a,b\n1,\n")),
                "gap3.csv, line 2: column 'b' has no number",
                "slicedscore impute");
    }

    @Test
    void tablesAreCompared() throws IOException {
        Path same = tables("same.csv", 2, 0);
        Path other = tables("other.csv", 3, 1);
        Outcome alike = run("compare", tables("first.csv", 5, 0), same);
        assertThat(alike.err()).isEmpty();
        assertThat(alike.out())
                .startsWith("A  " + folder.resolve("first.csv") + ", 300 rows\nB  " + same + ", 300 rows\n")
                .containsPattern(
                        "\n  a +[23]\\.[0-9]+ +[23]\\.[0-9]+ +[01]\\.[0-9]+ +[01]\\.[0-9]+ +0\\.[0-9]{4}   [01]\\.[0-9]{3}\n")
                .doesNotContain("they differ");
        Outcome apart = run("compare", tables("first.csv", 5, 0), other);
        assertThat(apart.out()).containsPattern("MMD +0\\.[0-9]+   MMD\\^2 of 600 rows   p .*; they differ");
        String json = run("compare", tables("first.csv", 5, 0), other, "--columns", "b", "--json")
                .out();
        assertThat((List<?>) ParsedJson.at(json, "columns")).hasSize(1);
        assertThat(ParsedJson.at(json, "columns", 0, "column")).isEqualTo("b");
        assertThat(ParsedJson.number(json, "columns", 0, "kolmogorov_smirnov", "p_value"))
                .isLessThan(1e-6);
        assertThat(ParsedJson.number(json, "tests", "mmd", "p_value")).isLessThan(0.01);
        assertThat(ParsedJson.number(json, "tests", "classifier", "statistic")).isGreaterThan(0.55);

        Outcome shared = run("compare", same, train, "--drop", "name");
        assertThat(shared.err()).isEmpty();
        assertThat(run("compare", same, write("one.csv", "b,z\n1,2\n")).err())
                .contains("one file alone has are ignored: a, z");
        assertRefused(Cli.run("compare", same, write("none.csv", "z\n1\n")), "no column in common", "a, b; and z");
        Path labelled = write("labelled.csv", "b,kind,a\n1,x,2\n2,x,4\n3,y,5\n");
        assertRefused(
                Cli.run("compare", labelled, labelled), "column 'kind' holds text: 'x'; leave it out with --drop kind");
        assertRefused(
                Cli.run("compare", labelled, labelled, "--columns", "kind,a"),
                "correct the fields; the column was asked for by name");
        assertRefused(Cli.run("compare", same, other, "--columns", "q"), "--columns names 'q'");
        assertRefused(Cli.run("compare", same, other, "--drop", "q"), "--drop names 'q'");
        assertRefused(Cli.run("compare", same, folder.resolve("absent.csv")), "there is no file");
    }

    private static Path tables(String name, long seed, double shift) throws IOException {
        Dataset points = TRUTH.sample(seed, 300);
        StringBuilder text = new StringBuilder("a,b\n");
        for (int row = 0; row < 300; row++) {
            text.append(points.value(row, 0))
                    .append(',')
                    .append(points.value(row, 1) + shift)
                    .append('\n');
        }
        return write(name, text.toString());
    }
}
