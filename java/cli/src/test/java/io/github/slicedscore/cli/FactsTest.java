package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print with {@code --json}; evaluate has its own test. */
class FactsTest {
    @TempDir
    static Path folder;

    private static Path model;
    private static String training;

    @BeforeAll
    static void train() throws IOException {
        Path data = Tables.mixture(folder.resolve("data.csv"), 300);
        model = folder.resolve("m.safetensors");
        Outcome outcome = Cli.run(
                "train",
                data,
                "--out",
                model,
                "--columns",
                "a",
                "--condition",
                "side",
                "--hidden",
                "4,3",
                "--steps",
                "5",
                "--fourier",
                "2:1.5",
                "--validation",
                "0",
                "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("done");
        training = outcome.out();
    }

    private static String facts(Object... command) {
        Outcome outcome = Cli.run(command);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        return outcome.out();
    }

    @Test
    void ofATraining() {
        assertThat(ParsedJson.at(training, "model")).isEqualTo(model.toString());
        assertThat(ParsedJson.at(training, "history"))
                .isEqualTo(folder.resolve("m.training.csv").toString());
        assertThat(ParsedJson.at(training, "picture"))
                .isEqualTo(folder.resolve("m.training.png").toString());
        assertThat(ParsedJson.at(training, "options"))
                .isEqualTo(folder.resolve("m.train.properties").toString());
        assertThat(ParsedJson.at(training, "checkpoints"))
                .isEqualTo(folder.resolve("m.checkpoints").toString());
        assertThat(ParsedJson.at(training, "end")).isEqualTo("completed");
        assertThat(ParsedJson.number(training, "steps")).isEqualTo(5);
        assertThat(ParsedJson.number(training, "best_step")).isEqualTo(5);
        assertThat(ParsedJson.number(training, "training_loss")).isFinite();
        // Nothing was held out, so that there is none: NaN inside, which JSON does not know.
        assertThat(ParsedJson.at(training, "validation_loss")).isNull();
        assertThat(ParsedJson.at(training, "kernels")).asString().startsWith("cpu-");
    }

    @Test
    void ofAModel() {
        String info = facts("info", model, "--json");

        assertThat(ParsedJson.at(info, "file")).isEqualTo(model.toString());
        assertThat(ParsedJson.number(info, "bytes"))
                .isEqualTo((double) model.toFile().length());
        assertThat(ParsedJson.at(info, "network", "kind")).isEqualTo("energy");
        assertThat(ParsedJson.number(info, "network", "dimension")).isEqualTo(1);
        assertThat(ParsedJson.at(info, "network", "hidden")).isEqualTo(List.of(4.0, 3.0));
        assertThat(ParsedJson.at(info, "network", "residual")).isEqualTo(false);
        assertThat(ParsedJson.number(info, "network", "base")).isEqualTo(3);
        assertThat(ParsedJson.at(info, "network", "fourier"))
                .isEqualTo(Map.of("count", 2.0, "scale", 1.5, "seed", 1.0));
        assertThat(ParsedJson.at(info, "network", "noise_levels")).isNull();
        // Inputs: the column, the condition, and sine and cosine of two waves.
        assertThat(ParsedJson.number(info, "parameters")).isEqualTo((6 * 4 + 4) + (4 * 3 + 3) + (3 + 1));
        assertThat(ParsedJson.at(info, "columns", 0, "name")).isEqualTo("a");
        assertThat(ParsedJson.at(info, "conditions", 0, "name")).isEqualTo("side");
        assertThat(ParsedJson.number(info, "conditions", 0, "mean")).isBetween(0.0, 1.0);
        assertThat(ParsedJson.number(info, "training", "data_rows")).isEqualTo(300);
        assertThat(ParsedJson.at(info, "training", "validation_loss")).isNull();
        // Densities given different conditions are not compared.
        assertThat(ParsedJson.at(info, "held_out_rows")).isNull();
        assertThat(ParsedJson.at(info, "imported")).isEqualTo(false);
        assertThat(ParsedJson.number(info, "settings", "optimizer", "beta2")).isEqualTo(0.999);
        assertThat(ParsedJson.number(info, "settings", "learning_rate", "warm_up"))
                .isZero();
        assertThat(ParsedJson.number(info, "settings", "steps")).isEqualTo(5);
    }

    @Test
    void ofAModelInWords() {
        assertThat(facts("info", model))
                .contains("Adam, beta1 0.9", "peak 0.001, shape cosine, warm up 0", "count 2, scale 1.5, seed 1")
                .doesNotContain("Adam[", "Features[", "Rate[");
    }

    @Test
    void ofThisMachine() {
        String doctor = facts("doctor", "--json");

        assertThat(ParsedJson.at(doctor, "java", "version")).isEqualTo(System.getProperty("java.version"));
        assertThat(ParsedJson.number(doctor, "system", "processors"))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(ParsedJson.at(doctor, "auto")).isIn("cpu", "cuda");
        List<?> devices = (List<?>) ParsedJson.at(doctor, "devices");
        Map<?, ?> processor = (Map<?, ?>) devices.get(devices.size() - 1);
        assertThat(processor.get("backend")).isEqualTo("cpu");
        assertThat(processor.get("works")).isEqualTo(true);
        int last = devices.size() - 1;
        assertThat(ParsedJson.at(doctor, "devices", last, "precisions", 0, "precision"))
                .isEqualTo("fp32");
        assertThat(ParsedJson.at(doctor, "devices", last, "precisions", 1, "works"))
                .isEqualTo(false);
        assertThat(ParsedJson.at(doctor, "devices", last, "precisions", 1, "reason"))
                .asString()
                .contains("fp32 alone");
    }

    @Test
    void ofTheDemo() {
        Path out = folder.resolve("demo");
        Outcome demo = Cli.run("demo", "--out", out, "--steps", "20", "--json");

        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(ParsedJson.at(demo.out(), "dataset")).isEqualTo("mixture");
        assertThat(ParsedJson.number(demo.out(), "relative_fisher_error", "energy"))
                .isPositive();
        assertThat(ParsedJson.number(demo.out(), "relative_fisher_error", "score"))
                .isPositive();
        assertThat(ParsedJson.at(demo.out(), "score_model"))
                .isEqualTo(out.resolve("score.safetensors").toString());
    }

    /** Whoever adds a command that prints facts gives it the option, and a test. */
    @Test
    void theseCommandsKnowTheOption() {
        assertThat(Main.commandLine().getSubcommands().values().stream()
                        .filter(command -> command.getCommandSpec().findOption("--json") != null)
                        .map(command -> command.getCommandName()))
                .contains("demo", "train", "evaluate", "anomalies", "impute", "compare", "info", "doctor");
    }
}
