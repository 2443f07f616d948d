package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of help, in the order of the commands, in a folder with small tables; with options that shorten the work. */
class ExamplesTest {
    private static final Pattern EXAMPLE = Pattern.compile("^  .*slicedscore ([^>|)]+)(?:> (\\S+))?");
    private static final Pattern FILE = Pattern.compile(".*\\.(csv|safetensors|properties|png|json)");

    @TempDir
    Path folder;

    @Test
    void theExamplesRun() throws IOException {
        for (String table : List.of("wine.csv", "wine-test.csv", "wine-train.csv", "big.csv")) {
            Files.writeString(folder.resolve(table), wines(120));
        }
        Files.writeString(folder.resolve("qualities.csv"), wines(2));
        for (String command : List.of("train", "score", "sample", "evaluate", "info", "doctor", "completion", "help")) {
            List<String> examples = Stream.of(Main.commandLine()
                            .getSubcommands()
                            .get(command)
                            .getCommandSpec()
                            .usageMessage()
                            .footer())
                    .filter(line -> EXAMPLE.matcher(line).find())
                    .toList();
            assertThat(examples).as(command).isNotEmpty();
            for (String example : examples) {
                run(command, example);
            }
        }
        assertThat(folder.resolve("scores.csv")).content().startsWith("log_density,percentile,score_");
        assertThat(folder.resolve("samples.csv"))
                .content()
                .startsWith("pH,alcohol,quality\n")
                .hasLineCount(21);
    }

    private void run(String command, String example) throws IOException {
        Matcher matcher = EXAMPLE.matcher(example);
        assertThat(matcher.find()).isTrue();
        List<Object> words = new ArrayList<>();
        for (String word : matcher.group(1).strip().split(" ", -1)) {
            words.add(FILE.matcher(word).matches() ? folder.resolve(word).toString() : word);
        }
        words.addAll(shorter(command, example, words));
        for (String count : List.of("-n", "--warm-up")) {
            if (words.contains(count)) {
                words.set(words.indexOf(count) + 1, "20");
            }
        }

        Outcome outcome = Cli.run(words.toArray());

        assertThat(outcome.code()).as(example + "\n" + outcome.err()).isZero();
        if (matcher.group(2) != null) {
            Files.writeString(folder.resolve(matcher.group(2)), outcome.out());
        }
    }

    private static List<String> shorter(String command, String example, List<Object> words) {
        return switch (command) {
            // Chains would run away from this one before it has learned anything.
            case "train" -> List.of("--steps", example.contains("clusters.safetensors") ? "300" : "4", "--quiet");
            case "sample" -> words.contains("-n") ? List.of() : List.of("-n", "20");
            case "evaluate" ->
                List.of("--importance-samples", "500", "--annealed-chains", "20", "--temperatures", "10");
            default -> List.of();
        };
    }

    /** Rows of two columns that look like wines, and of their quality. */
    private static String wines(int rows) {
        Dataset points = new Gaussian(new double[] {3.2, 10}, new double[][] {{0.02, 0.01}, {0.01, 1}}).sample(1, rows);
        StringBuilder text = new StringBuilder("pH,alcohol,quality\n");
        for (int row = 0; row < points.rows(); row++) {
            text.append(points.value(row, 0))
                    .append(',')
                    .append(points.value(row, 1))
                    .append(',')
                    .append(row % 4 + 4)
                    .append('\n');
        }
        return text.toString();
    }
}
