package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options from a file. */
class ConfigTest {
    /** A value of each option that has no default and no list of values. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("out", "m.safetensors"),
            Map.entry("objective", "dsm"),
            Map.entry("columns", "a,\"b, in m\""),
            Map.entry("drop", "name,\"x\ny\""),
            Map.entry("condition", "side"),
            Map.entry("base", "2.5"),
            Map.entry("hidden", "16,8"),
            Map.entry("kernels", "2:8:50"),
            Map.entry("couplings", "3"),
            Map.entry("batch", "64"),
            Map.entry("lr", "0.02"),
            Map.entry("clip", "5"),
            Map.entry("fourier", "8:1.5"),
            Map.entry("epochs", "7"),
            Map.entry("steps", "30"),
            Map.entry("noise", "0.25"),
            Map.entry("slices", "3"),
            Map.entry("sigma", "0.2"),
            Map.entry("epsilon", "0.05"),
            Map.entry("noise-levels", "4.0:0.1:5"),
            Map.entry("delimiter", " "));

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = Tables.mixture(folder.resolve("data.csv"), 300);
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private static CommandLine parsed(Object... words) throws IOException {
        String[] texts = List.of(words).stream().map(Object::toString).toArray(String[]::new);
        CommandLine command = Main.commandLine();
        command.parseArgs(Arguments.of(texts).words());
        return command.getSubcommands().get("train");
    }

    private static String value(CommandLine command, String option) {
        return String.valueOf(command.getCommandSpec().findOption(option).<Object>getValue());
    }

    /** A value that is not the default where there is a choice. */
    private static String example(OptionSpec option) {
        if (ConfigFile.isFlag(option)) {
            return option.negatable() ? "false" : "true";
        }
        String last = null;
        if (option.completionCandidates() != null) {
            for (String candidate : option.completionCandidates()) {
                last = candidate;
            }
        }
        String given = VALUES.getOrDefault(ConfigFile.name(option), last);
        return given != null ? given : Objects.requireNonNull(option.defaultValue(), option.longestName());
    }

    @Test
    void everyOptionOfTrainCanStandInAFile() throws IOException {
        CommandSpec train = Main.commandLine().getSubcommands().get("train").getCommandSpec();
        List<String> left = new ArrayList<>(
                train.options().stream().map(OptionSpec::longestName).toList());
        for (Map.Entry<String, OptionSpec> entry : ConfigFile.options(train).entrySet()) {
            OptionSpec option = entry.getValue();
            String example = example(option);
            Path config = file("c.properties", entry.getKey() + " = " + ConfigFile.escaped(example));
            String word = !ConfigFile.isFlag(option)
                    ? option.longestName() + "=" + example
                    : option.negatable() ? "--no-" + entry.getKey() : option.longestName();

            List<Object> words = new ArrayList<>(List.of("train", data));
            if (!option.longestName().equals("--out")) {
                words.addAll(List.of("--out", "m.safetensors"));
            }
            words.add(word);
            CommandLine direct = parsed(words.toArray());
            words.set(words.size() - 1, "--config=" + config);
            CommandLine fromFile = parsed(words.toArray());

            assertThat(fromFile.getParseResult().hasMatchedOption(option.longestName()))
                    .as(word)
                    .isTrue();
            assertThat(value(fromFile, option.longestName())).isEqualTo(value(direct, option.longestName()));
            left.remove(option.longestName());
        }
        assertThat(left).containsExactlyInAnyOrder("--config", "--help");
    }

    @Test
    void theFileThatTrainWritesTrainsTheSameModel() throws IOException {
        Path first = folder.resolve("first.safetensors");
        Path again = folder.resolve("again.safetensors");
        Object[] line = {
            "train",
            data,
            "--out",
            first,
            "--drop",
            "name,side",
            "--hidden",
            "8,8",
            "--residual",
            "--fourier",
            "3:1.5",
            "--objective",
            "ssm",
            "--slices",
            "2",
            "--projection",
            "sphere",
            "--steps",
            "40",
            "--batch",
            "50",
            "--lr",
            "0.01",
            "--warm-up",
            "5",
            "--clip",
            "1",
            "--ema",
            "0.9",
            "--noise",
            "0.1",
            "--no-dequantize",
            "--seed",
            "7",
            "--validation",
            "0.2",
            "--base",
            "2",
            "--quiet"
        };
        succeeds(Cli.run(line));
        Path written = folder.resolve("first.train.properties");

        succeeds(Cli.run("train", data, "--config", written, "--out", again, "--quiet"));

        assertThat(parameters(again)).isEqualTo(parameters(first));
        assertThat(options(folder.resolve("again.train.properties"))).isEqualTo(options(written));
        assertThat(options(written)).contains("drop = name,side", "lr = 0.01", "dequantize = false", "threads = 0");
        succeeds(Cli.run("train", data, "--config", written, "--out", again, "--quiet", "--force", "--seed", "8"));
        assertThat(parameters(again)).isNotEqualTo(parameters(first));
    }

    /** A later release may have other defaults, those that follow from other options included. */
    @ParameterizedTest
    @CsvSource({
        "--model energy, 'objective = ssm-vr, slices = 1, projection = rademacher, hidden = 128,128, base = 3.0, lr = 0.001'",
        "--model energy --noise-levels 4:0.1:3, 'objective = multi-ssm-vr, slices = 1, noise-levels = 4:0.1:3, noise = 0.0'",
        "--model score --objective dsm --hidden none, 'hidden = none, sigma = 0.1, batch = 128, clip = 0.0'",
        "--model dkef --objective fd-ssm, 'kernels = 3:30:200, base = 2.0, epsilon = 0.02, batch = 200, clip = 100.0'",
        "--model nice, 'objective = mle, couplings = 4, prior = normal, lr = 0.001, clip = 100.0, noise = 0.05'"
    })
    void theFileHasDefaultsThatFollowFromOtherOptions(String given, String expected) throws IOException {
        Path out = folder.resolve("first.safetensors");
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", out, "--drop", "name,side", "--quiet"));
        line.addAll(List.of("--steps", "1"));
        line.addAll(List.of(given.split(" ", -1)));
        succeeds(Cli.run(line.toArray()));
        Path written = folder.resolve("first.train.properties");

        assertThat(options(written)).contains(expected.split(", ", -1));

        Path again = folder.resolve("again.safetensors");
        succeeds(Cli.run("train", data, "--config", written, "--out", again, "--quiet"));
        assertThat(options(folder.resolve("again.train.properties"))).isEqualTo(options(written));
    }

    private static List<String> options(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static float[] parameters(Path model) throws IOException {
        try (ScoreModel loaded = ScoreModel.load(model)) {
            return loaded.parameters().toArray();
        }
    }

    private static void succeeds(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void theCommandLineWins() throws IOException {
        Path config = file("c.properties", "lr = 0.5", "steps = 10", "dequantize = false", "batch = 7");
        CommandLine train =
                parsed("train", data, "--out=m", "--lr", "0.25", "--config", config, "--epochs", "3", "--dequantize");

        assertThat(value(train, "--lr")).isEqualTo("0.25");
        assertThat(value(train, "--epochs")).isEqualTo("3");
        assertThat(train.getParseResult().hasMatchedOption("--steps")).isFalse();
        assertThat(value(train, "--dequantize")).isEqualTo("true");
        assertThat(value(train, "--batch")).isEqualTo("7");
    }

    @Test
    void ofSeveralFilesTheLastWins() throws IOException {
        Path base = file("base.properties", "lr = 0.5", "steps = 10", "batch = 7");
        Path more = file("more.properties", "lr = 0.25", "epochs = 3");
        CommandLine train = parsed("train", data, "--out=m", "--config", base, "--config", more);

        assertThat(value(train, "--lr")).isEqualTo("0.25");
        assertThat(value(train, "--epochs")).isEqualTo("3");
        assertThat(train.getParseResult().hasMatchedOption("--steps")).isFalse();
        assertThat(value(train, "--batch")).isEqualTo("7");
    }

    @Test
    void requiredOptionsMayStandInTheFile() throws IOException {
        Path model = folder.resolve("m.safetensors");
        Path config = file("c.properties", "out = " + model, "columns = a", "steps = 2", "hidden = none", "quiet=true");

        succeeds(Cli.run("train", data, "--config", config));

        assertThat(model).exists();
    }

    @Test
    void commentsBlanksEscapesAndForeignLineEnds() throws IOException {
        Path config = Files.writeString(
                folder.resolve("c.properties"),
                "\uFEFF# a comment\r\n\r\n  lr=0.5\r\n\tdrop =  a\\nb,\\\\c \r\ndelimiter = \\s\r\n");
        CommandLine train = parsed("train", data, "--out=m", "--config", config);

        assertThat(value(train, "--lr")).isEqualTo("0.5");
        assertThat(value(train, "--drop")).isEqualTo("Names[values=[a\nb, \\c]]");
        assertThat(value(train, "--delimiter")).isEqualTo(" ");
        for (String text : List.of("", " ", "  a \t\r\n\\s\\", "\\", "a b")) {
            Path file = file("e.properties", "out = " + ConfigFile.escaped(text));
            assertThat(value(parsed("train", data, "--config", file), "--out")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hiden = 3 | line 2: 'slicedscore train' has no option 'hiden'; did you mean 'hidden'?",
                "--hiden = 3 | line 2: 'slicedscore train' has no option '--hiden'; did you mean 'hidden'?",
                "zebra = 3 | line 2: 'slicedscore train' has no option 'zebra' that a file may hold",
                "config = c | line 2: 'slicedscore train' has no option 'config'",
                "batch = 3 | line 2: 'batch' was set before, in",
                "residual = yes | line 2: 'residual' is true or false, not 'yes'",
                "residual | line 2: 'residual' is no 'name = value'; for an option without a value write 'name = true'",
                "lr = fast | line 2: Invalid value for option '--lr': 'fast' is not a positive number",
                "drop = a\\x | line 2: there is no '\\x'; write \\\\ for a backslash",
                "drop = a\\ | line 2: there is no"
            })
    void aLineThatCannotBeUnderstood(String line, String message) throws IOException {
        Path config = file("c.properties", "batch = 5", line);

        Outcome outcome = Cli.run("train", data, "--out", folder.resolve("m.safetensors"), "--config", config);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(config + ", " + message).doesNotContain("Exception");
        assertThat(folder.resolve("m.safetensors")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThere() {
        Outcome outcome = Cli.run("train", data, "--out", "m.safetensors", "--config", folder.resolve("none"));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("--config: there is no file " + folder.resolve("none"));
    }

    @Test
    void aFileThatIsNotText() throws IOException {
        Path config = Files.write(folder.resolve("c.properties"), new byte[] {(byte) 0xff, 1, 2});

        assertThat(Cli.run("train", data, "--out", "m", "--config", config).err())
                .contains(config + " is not UTF-8");
    }

    @Test
    void whatIsWrongOnTheCommandLineItselfIsStillSaid() throws IOException {
        Path config = file("c.properties", "batch = 5");

        assertThat(Cli.run("train", data, "--config", config).err()).contains("Missing required option: '--out");
        assertThat(Cli.run("train", data, "--out", "m", "--config").err()).contains("--config");
        assertThat(Cli.run("score", "m", data, "--config", config).err()).contains("--config");
    }

    @Test
    void theFileOfOptionsIsNotReplaced() throws IOException {
        Path config = file("m.train.properties", "columns = a", "steps = 2");

        Outcome outcome =
                Cli.run("train", data, "--out", folder.resolve("m.safetensors"), "--config", config, "--force");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("--out: " + config + " is also the file of --config");
        assertThat(config).content().startsWith("columns = a");
    }
}
