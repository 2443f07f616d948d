package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands import and export. */
class ExchangeTest {
    @TempDir
    Path folder;

    private Path net;
    private Path out;

    /** A score network of two columns given one: s = W [y, c] + b. */
    @BeforeEach
    void writeNetwork() throws IOException {
        net = folder.resolve("net.safetensors");
        out = folder.resolve("m.safetensors");
        new SafeTensors(
                        Map.of(),
                        Map.of(
                                "weight", Tensor.of(new float[] {-1, 2, 3, 0.5f, -4, 1}, 2, 3),
                                "bias", Tensor.of(new float[] {0.25f, -0.5f}, 2)))
                .write(net);
    }

    private Outcome imported(String... options) {
        List<Object> line = new ArrayList<>(List.of("import", net, "--out", out));
        line.addAll(List.of(options));
        return Cli.run(line.toArray());
    }

    private static void assertFine(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void anImportedNetworkScoresInTheUnitsOfTheData() throws IOException {
        assertFine(imported(
                "--kind",
                "score",
                "--activation",
                "tanh",
                "--columns",
                "a,b",
                "--condition",
                "c",
                "--mean",
                "-100,-3,0.5",
                "--deviation",
                "25,0.125,4"));
        Path data = Files.writeString(folder.resolve("data.csv"), "c,b,a\n5,-3.1,-80\n");
        Outcome scored = Cli.run("score", out, data, "--vectors");
        assertFine(scored);
        assertThat(scored.out()).startsWith("score_a,score_b\n");
        // y = (0.8, -0.8), c = 1.125
        assertThat(scored.column(0)[0]).isEqualTo((-0.8 - 1.6 + 3.375 + 0.25) / 25, within(1e-7));
        assertThat(scored.column(1)[0]).isEqualTo((0.4 + 3.2 + 1.125 - 0.5) / 0.125, within(1e-5));

        Outcome info = Cli.run("info", out);
        assertFine(info);
        assertThat(info.out())
                .contains("imported", "by slicedscore", "score network 3-2")
                .doesNotContain("trained")
                .doesNotContain("objective")
                .doesNotContain("NaN");
    }

    @Test
    void unitsAreTheDatasWithoutAnyAndThoseOfATableWhereThereIsOne() throws IOException {
        assertFine(imported("--kind", "score", "--activation", "tanh", "--columns", "a,b", "--condition", "c"));
        assertThat(ModelFile.read(out).standardizer())
                .isEqualTo(new Standardizer(new double[3], new double[] {1, 1, 1}));

        Path data = Files.writeString(folder.resolve("data.csv"), "c;label;b;a\n1;9;2;10\n3;9;6;30\n");
        assertFine(imported(
                "--kind",
                "score",
                "--activation",
                "tanh",
                "--condition",
                "c",
                "--drop",
                "label",
                "--standardize",
                data.toString(),
                "--force"));
        ModelContents model = ModelFile.read(out);
        assertThat(model.columns()).containsExactly("b", "a");
        assertThat(model.conditions()).containsExactly("c");
        assertThat(model.standardizer()).isEqualTo(new Standardizer(new double[] {4, 20, 2}, new double[] {2, 10, 1}));
        assertThat(model.architecture()).isEqualTo(new ScoreMlp(2, 1, List.of(), Activation.TANH));
    }

    @Test
    void whatIsExportedComesBackTheSame() throws IOException {
        assertFine(imported(
                "--kind",
                "score",
                "--activation",
                "gelu",
                "--columns",
                "a,\"b, in m\"",
                "--condition",
                "c",
                "--mean",
                "100,-3,0.5",
                "--deviation",
                "25,0.125,4"));
        Path exported = folder.resolve("exported.safetensors");
        Path again = folder.resolve("again.safetensors");
        assertFine(Cli.run("export", out, "--format", "torch", "--out", exported));
        Outcome back = Cli.run("import", exported, "--like", out, "--out", again);
        assertFine(back);
        assertThat(back.err()).contains("score network 3-2, affine of a, b, in m given c");
        ModelContents before = ModelFile.read(out);
        ModelContents after = ModelFile.read(again);
        assertThat(after.architecture()).isEqualTo(before.architecture());
        assertThat(after.parameters()).isEqualTo(before.parameters());
        assertThat(after.standardizer()).isEqualTo(before.standardizer());
        assertThat(after.columns()).isEqualTo(before.columns());
        assertThat(SafeTensors.read(exported).tensors()).containsOnlyKeys("0.weight", "0.bias");
    }

    @Test
    void anEnergyHasTheBaseAndTheLayersThatAreNamed() throws IOException {
        new SafeTensors(
                        Map.of(),
                        Map.of(
                                "in.weight", Tensor.of(new float[8], 4, 2),
                                "in.bias", Tensor.of(new float[4], 4),
                                "head.weight", Tensor.of(new float[4], 1, 4),
                                "head.bias", Tensor.of(new float[1], 1)))
                .write(net);
        Outcome wrong = imported("--kind", "energy", "--activation", "silu", "--columns", "a,b");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("tensor 'in.weight' takes 2 inputs, but 'head.weight' before it gives 1", "--layers");
        assertFine(imported(
                "--kind", "energy", "--activation", "silu", "--columns", "a,b", "--base", "2", "--layers", "in,head"));
        assertThat(ModelFile.read(out).architecture()).isEqualTo(new EnergyMlp(2, 0, List.of(4), Activation.SILU, 2));
    }

    @Test
    void aGraphIsWritten() throws IOException {
        assertFine(imported("--kind", "score", "--activation", "tanh", "--columns", "a,b", "--condition", "c"));
        Path graph = folder.resolve("m.onnx");
        Outcome exported =
                Cli.run("export", out, "--format", "onnx", "--opset", "13", "--output", "score", "--out", graph);
        assertFine(exported);
        assertThat(exported.err()).contains("wrote " + graph);
        // The version of the format, 7, and the producer.
        assertThat(Files.readAllBytes(graph))
                .startsWith(8, 7, 18, 11)
                .contains("slicedscore".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--columns a,b --condition c | say what the network is with --kind and --activation",
                "--kind score --columns a,b --condition c | say what the network is",
                "--kind score --activation tanh | name the columns that the network models with --columns",
                "--kind score --activation tanh --columns a,b | has 3 inputs, but the columns are 2: a, b; name one for each input",
                "--kind score --activation tanh --columns a,b,c | has 2 outputs, but a network of --kind score has 3",
                "--kind energy --activation tanh --columns a,b,c | has 2 outputs, but a network of --kind energy has 1; give",
                "--kind score --activation tanh --columns a,b --condition c --base 2 | --base goes with --kind energy",
                "--kind score --activation tanh --columns a,b --condition a | stands twice",
                "--kind score --activation tanh --columns a,b --condition c --mean 1,2,3 | --mean and --deviation go together",
                "--kind score --activation tanh --columns a,b --condition c --mean 1,2 --deviation 1,2,3 | --mean has 2 numbers, but there are 3 columns: a, b, c",
                "--kind score --activation tanh --columns a,b --condition c --mean 1,2,3 --deviation 1,0,3 | --mean and --deviation: column 1",
                "--kind score --activation tanh --columns a,b --condition c --mean 1,x,3 --deviation 1,2,3 | --mean",
                "--kind score --activation tanh --columns a,b --condition c --drop d | --drop leaves columns of the file of --standardize out",
                "--kind score --activation tanh --columns a,b --condition c --standardize net.csv | net.csv",
                "--like none.safetensors | there is no model file none.safetensors",
                "--like none.safetensors --drop a | --like takes",
                "--like none.safetensors --kind score | --like takes kind, activation, columns and units from none.safetensors",
                "--kind noise --activation tanh --columns a | 'noise' is none of",
                "--kind score --activation step --columns a | 'step' is none of",
                "--kind score --activation tanh --columns a,b --condition c --layers 0 | its layers are",
            })
    void whatCannotBeImportedIsRefused(String options, String complaint) throws IOException {
        assertRefused(imported(options.split(" ")), complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--format jpeg | 'jpeg' is none of onnx, torch",
                "--format onnx --opset 12 | versions 13 to 21 of ONNX's operators, not 12",
                "--format onnx --output log_density | the model is a score network, which has no log-density",
                "--format torch --opset 17 | --opset goes with --format onnx, not with torch",
                "--format torch --output score | --output goes with --format onnx, not with torch",
            })
    void whatCannotBeExportedIsRefused(String options, String complaint) throws IOException {
        Path model = folder.resolve("given.safetensors");
        assertFine(Cli.run(
                "import",
                net,
                "--kind",
                "score",
                "--activation",
                "tanh",
                "--columns",
                "a,b",
                "--condition",
                "c",
                "--out",
                model));
        List<Object> line = new ArrayList<>(List.of("export", model, "--out", out));
        line.addAll(List.of(options.split(" ")));
        assertRefused(Cli.run(line.toArray()), complaint);
    }

    @Test
    void aMissingNetworkIsNamed() throws IOException {
        Path missing = folder.resolve("none.safetensors");
        assertRefused(
                Cli.run("import", missing, "--out", out), "slicedscore import: there is no file " + missing + "; ");
    }

    @Test
    void filesThatExistAreKept() throws IOException {
        Files.writeString(out, "precious");
        Outcome kept = imported("--kind", "score", "--activation", "tanh", "--columns", "a,b", "--condition", "c");
        assertThat(kept.code()).isEqualTo(2);
        assertThat(kept.err()).contains("--out: " + out + " exists; replace it with --force");
        assertThat(out).hasContent("precious");
        Outcome self = Cli.run("import", net, "--out", net, "--force", "--kind", "score", "--activation", "tanh");
        assertThat(self.code()).isEqualTo(2);
        assertThat(self.err()).contains("is also the state dict");
        Outcome exported = Cli.run("export", out, "--format", "onnx", "--out", out, "--force");
        assertThat(exported.err()).contains("is also the model");
        assertThat(exported.code()).isEqualTo(2);
    }

    private void assertRefused(Outcome outcome, String complaint) throws IOException {
        assertThat(outcome.err())
                .contains(complaint)
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isSubsetOf("net.safetensors", "given.safetensors");
        }
    }
}
