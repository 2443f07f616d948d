package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a CSV file to a model, scores, samples and pictures. */
class RoundTripTest {
    private static final String COLUMNS = "a,\"b, in m\"";

    @TempDir
    Path folder;

    private Path data;
    private Path model;

    @BeforeEach
    void writeData() throws IOException {
        data = Tables.mixture(folder.resolve("data.csv"), 2000);
        model = folder.resolve("m.safetensors");
    }

    private static void assertPicture(Path file) throws IOException {
        var image = ImageIO.read(file.toFile());
        assertThat(image).as("picture %s", file).isNotNull();
        long colours = Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
        assertThat(colours).isGreaterThan(50);
    }

    private static void succeeds(Outcome outcome) {
        assertThat(outcome.err()).doesNotContain("Exception");
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void anEnergyIsTrainedAndUsed() throws IOException {
        Outcome training = Cli.run(
                "train",
                data,
                "--out",
                model,
                "--drop",
                "name,side",
                "--hidden",
                "32,32",
                "--steps",
                "1500",
                "--lr",
                "0.01");
        succeeds(training);
        assertThat(training.out()).isEmpty();
        assertThat(training.err())
                .contains(
                        "energy network 2-32-32-1",
                        "1800 rows to train on, 200 held out",
                        "(cpu-",
                        "step 1500/1500",
                        "wrote ");
        assertThat(folder.resolve("m.training.csv"))
                .content()
                .startsWith("step,loss,validation_loss,gradient_norm,learning_rate\n200,");
        assertPicture(folder.resolve("m.training.png"));
        assertThat(folder.resolve("m.checkpoints/best.safetensors")).exists();

        // The data's extra columns, one of them text, do no harm.
        Outcome scores = Cli.run("score", model, data);
        succeeds(scores);
        assertThat(scores.out()).startsWith("log_density,percentile,score_norm\n");
        assertThat(scores.err()).contains("ignored: name, side");
        double[][] rows = Outcome.table(scores.out());
        assertThat(rows).hasDimensions(2000, 3);
        try (ScoreModel loaded = ScoreModel.load(model)) {
            double[] first = Arrays.stream(Files.readAllLines(data).get(1).split(","))
                    .limit(2)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat((float) rows[0][0]).isEqualTo((float) loaded.logDensity(first));
            assertThat((float) rows[0][1]).isEqualTo((float) loaded.percentile(loaded.logDensity(first)));
            double[] score = loaded.score(first);
            assertThat((float) rows[0][2]).isEqualTo((float) Math.hypot(score[0], score[1]));
        }
        assertThat(Arrays.stream(scores.column(1)).average().orElse(0)).isBetween(40.0, 60.0);

        Outcome vectors = Cli.run("score", model, data, "--vectors");
        assertThat(vectors.out()).startsWith("log_density,percentile,score_a,\"score_b, in m\"\n");
        assertThat(Outcome.table(vectors.out())).hasDimensions(2000, 4);

        Path samples = folder.resolve("s.csv");
        Path plot = folder.resolve("s.png");
        succeeds(
                Cli.run("sample", model, "-n", "500", "--seed", "3", "--out", samples, "--plot", plot, "--data", data));
        assertPicture(plot);
        String text = Files.readString(samples);
        assertThat(text).startsWith("a,\"b, in m\"\n");
        assertThat(Outcome.table(text)).hasDimensions(500, 2);
        assertThat(Arrays.stream(Outcome.table(text))
                        .mapToDouble(row -> row[1])
                        .average()
                        .orElse(0))
                .isBetween(90.0, 110.0);
        assertThat(Cli.run("sample", model, "-n", "500", "--seed", "3").out()).isEqualTo(text);
        assertThat(Cli.run("sample", model, "-n", "500", "--seed", "4").out()).isNotEqualTo(text);

        Outcome info = Cli.run("info", model);
        succeeds(info);
        assertThat(info.out())
                .contains(
                        "energy network 2-32-32-1, softplus",
                        "a, b, in m",
                        "2000 rows",
                        "ssm-vr",
                        "200 rows, for percentiles");
    }

    @Test
    void aScoreNetworkGivesScoresAlone() {
        succeeds(Cli.run(
                "train",
                data,
                "--out",
                model,
                "--columns",
                COLUMNS,
                "--model",
                "score",
                "--hidden",
                "none",
                "--steps",
                "300",
                "--quiet"));

        Outcome scores = Cli.run("score", model, data);
        succeeds(scores);
        assertThat(scores.out()).startsWith("score_norm\n");
        assertThat(Cli.run("score", model, data, "--vectors").out()).startsWith("score_a,\"score_b, in m\"\n");
        assertThat(Cli.run("info", model).out()).contains("score network 2-2, affine", "score, no densities");
    }

    @Test
    void aConditionIsGivenWhenSampling() {
        succeeds(Cli.run(
                "train",
                data,
                "--out",
                model,
                "--columns",
                "a",
                "--condition",
                "side",
                "--hidden",
                "32",
                "--steps",
                "1500",
                "--lr",
                "0.01"));

        Outcome right = Cli.run("sample", model, "-n", "400", "--given", "side=1");
        succeeds(right);
        assertThat(right.out()).startsWith("a\n");
        double positive = Arrays.stream(right.column(0)).filter(a -> a > 0).count() / 400.0;
        assertThat(positive).isGreaterThan(0.9);

        Outcome nothingGiven = Cli.run("sample", model);
        assertThat(nothingGiven.code()).isEqualTo(2);
        assertThat(nothingGiven.err()).contains("is conditioned on 'side'", "--given 'side=1.0'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--objective exact | exact: score matching with the exact trace",
                "--objective dsm --sigma 0.2 | dsm: denoising score matching, sigma 0.2",
                "--objective fd-ssm --epsilon 0.05 --slices 2 | fd-ssm: sliced score matching by differences,"
                        + " 2 slices (rademacher), epsilon 0.05",
                "--objective dsm --noise-levels 4:0.1:5 | multi-dsm: denoising score matching at several noise levels,"
                        + " 5 noise levels from 4.0 to 0.1",
                "--noise-levels 4:0.1:5 --projection sphere | multi-ssm-vr: sliced score matching with variance reduction at"
                        + " several noise levels, 1 slice (sphere), 5 noise levels from 4.0 to 0.1",
                "--objective multi-dsm | 12 noise levels from 5.0 to 0.05",
                "--objective fd-ssm | by differences, 1 slice (rademacher), epsilon 0.02",
                "--objective fd-ssm --model score | by differences, 1 slice (rademacher), epsilon 0.003",
                "--residual --fourier 8:1.5 | residual layers, sees 8 waves of frequencies of 1.5, Gaussian base"
            })
    void everyObjectiveTrainsAndIsNamedByInfo(String options, String words) {
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", model, "--columns", COLUMNS));
        line.addAll(List.of("--hidden", "16,16", "--steps", "20", "--quiet"));
        line.addAll(List.of(options.split(" ")));
        succeeds(Cli.run(line.toArray()));

        Outcome info = Cli.run("info", model);
        succeeds(info);
        assertThat(info.out()).contains(words);
        succeeds(Cli.run("score", model, data));
    }

    @Test
    void objectivesThatAddNoiseGetNoneBesides() {
        Object[] line = {"train", data, "--out", model, "--columns", "a", "--steps", "5", "--quiet"};
        succeeds(Cli.run(with(line, "--objective", "dsm")));
        assertThat(Cli.run("info", model).out()).containsPattern("noise +0\\.0\\R");
        succeeds(Cli.run(with(line, "--objective", "exact", "--force")));
        assertThat(Cli.run("info", model).out()).containsPattern("noise +0\\.05\\R");
        succeeds(Cli.run(with(line, "--objective", "dsm", "--noise", "0.02", "--force")));
        assertThat(Cli.run("info", model).out()).containsPattern("noise +0\\.02\\R");
    }

    @Test
    void ofTwoThatWriteTheSameFileBothEndWhole() throws IOException {
        succeeds(Cli.run("train", data, "--out", model, "--columns", "a", "--hidden", "4", "--steps", "5", "--quiet"));
        Path samples = folder.resolve("s.csv");
        List<String> seeds = List.of("1", "2", "3", "4");

        List<Outcome> outcomes = seeds.parallelStream()
                .map(seed -> Cli.run(
                        "sample", model, "-n", "200", "--steps", "5", "--seed", seed, "--out", samples, "--force"))
                .toList();

        outcomes.forEach(RoundTripTest::succeeds);
        assertThat(seeds.stream().map(seed -> Cli.run("sample", model, "-n", "200", "--steps", "5", "--seed", seed)
                        .out()))
                .contains(Files.readString(samples));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".tmp"));
        }
    }

    @Test
    void aDeviceThatIsNotUsedIsNoted() {
        Outcome training = Cli.run(
                "train", data, "--out", model, "--columns", "a", "--steps", "3", "--backend", "cpu", "--device", "3");
        succeeds(training);
        assertThat(training.err())
                .contains(
                        "note: --device 3 chooses among GPUs, but the processor computes; 'slicedscore doctor' says why");
        assertThat(Cli.run("score", model, data, "--backend", "cpu").err()).doesNotContain("--device");
    }

    @Test
    void quietSaysNothing() {
        Outcome outcome = Cli.run(
                "train", data, "--out", model, "--columns", "a", "--batch", "100000", "--steps", "3", "--quiet");
        succeeds(outcome);
        assertThat(outcome.out() + outcome.err()).isEmpty();
    }

    @Test
    void aBatchLargerThanTheDataIsCutWithANote() {
        Outcome outcome = Cli.run("train", data, "--out", model, "--columns", "a", "--batch", "100000", "--steps", "3");
        succeeds(outcome);
        assertThat(outcome.err()).contains("note: the batch of 100000 rows is cut to the 1800 training rows");
    }

    @Test
    void forceReplacesAndResumeContinues() throws IOException {
        Object[] line = {"train", data, "--out", model, "--columns", "a", "--hidden", "8", "--steps", "400"};
        succeeds(Cli.run(line));
        byte[] first = parameters();

        assertThat(Cli.run(line).code()).isEqualTo(2);
        succeeds(Cli.run(with(line, "--force")));
        assertThat(parameters()).isEqualTo(first);

        Outcome resumed = Cli.run(with(line, "--resume"));
        succeeds(resumed);
        assertThat(resumed.err()).contains("continues at step 400");
        assertThat(parameters()).isEqualTo(first);

        Outcome other = Cli.run(with(line, "--resume", "--lr", "0.02"));
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains(
                        "can't be resumed, because learning_rate was", "use the settings and data it was started with");
        assertThat(parameters()).isEqualTo(first);
    }

    /** The file's tensors; its header tells the time of the training. */
    private byte[] parameters() throws IOException {
        try (ScoreModel loaded = ScoreModel.load(model)) {
            return Arrays.toString(loaded.parameters().toArray()).getBytes(UTF_8);
        }
    }

    private static Object[] with(Object[] line, Object... more) {
        Object[] longer = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, longer, line.length, more.length);
        return longer;
    }

    @Test
    void divergenceIsAFailureOfTheWork() {
        Outcome outcome = Cli.run(
                "train",
                data,
                "--out",
                model,
                "--columns",
                "a",
                "--objective",
                "ssm",
                "--base",
                "0",
                "--activation",
                "silu",
                "--noise",
                "0",
                "--lr",
                "1e12",
                "--steps",
                "2000");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("training diverged at step", "Try a lower learning rate")
                .doesNotContain("\tat ");
        assertThat(model).doesNotExist();
    }

    @Test
    void theDemoMeasuresDrawsAndSaves() throws IOException {
        Path out = folder.resolve("demo");
        Outcome demo = Cli.run("demo", "--out", out, "--steps", "100");

        succeeds(demo);
        assertThat(demo.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("relative Fisher error of the energy network: 0\\.\\d{5}"),
                        line -> assertThat(line).matches("relative Fisher error of the score network: 0\\.\\d{5}"));
        assertPicture(out.resolve("demo.png"));
        for (String name : new String[] {"energy.safetensors", "score.safetensors"}) {
            try (ScoreModel loaded = ScoreModel.load(out.resolve(name))) {
                assertThat(loaded.columns()).containsExactly("x1", "x2");
            }
        }
        assertThat(Cli.run("demo", "--dataset", "nowhere").err()).contains("--dataset", "mixture", "checkerboard");
        Outcome again = Cli.run("demo", "--out", out, "--steps", "100");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("demo.png exists; replace it with --force");
    }

    @Test
    void theDemoOfADistributionWithoutAKnownScore() throws IOException {
        Path out = folder.resolve("demo");
        Outcome demo = Cli.run("demo", "--dataset", "two-moons", "--out", out, "--steps", "100");

        succeeds(demo);
        assertThat(demo.out()).isEmpty();
        assertThat(demo.err()).contains("points of two-moons, whose score is not known");
        assertPicture(out.resolve("demo.png"));
    }
}
