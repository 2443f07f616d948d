package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFileTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (ModelContents model : List.of(ModelExamples.energy(), ModelExamples.score(), ModelExamples.leveled())) {
            Path file = directory.resolve("model.safetensors");
            ModelFile.write(model, file);
            assertThat(ModelFile.read(file)).isEqualTo(model);
        }
    }

    @Test
    void rewritingGivesTheSameBytes() throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        ModelFile.write(ModelExamples.energy(), first);
        ModelFile.write(ModelFile.read(first), second);
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void theFileIsWhatItsDocumentationSays() throws IOException {
        Path file = directory.resolve("model.safetensors");
        ModelContents model = ModelExamples.energy();
        ModelFile.write(model, file);
        SafeTensors content = SafeTensors.read(file);

        assertThat(content.tensors())
                .containsOnlyKeys(
                        "layers.0.weight",
                        "layers.0.bias",
                        "layers.1.weight",
                        "layers.1.bias",
                        "layers.2.weight",
                        "layers.2.bias",
                        "standardizer.mean",
                        "standardizer.deviation",
                        "validation.log_density");
        assertThat(content.tensors().get("layers.1.weight").shape()).containsExactly(4, 5);
        float[] flat = model.parameters().toArray();
        assertThat(content.tensors().get("layers.1.weight").floats()).isEqualTo(Arrays.copyOfRange(flat, 20, 40));
        assertThat(content.tensors().get("validation.log_density").doubles()).containsExactly(-4.5, -2, 1, 3);
        assertThat(content.metadata())
                .containsEntry("format", "slicedscore.model")
                .containsEntry("format_version", "1")
                .containsEntry("kind", "energy")
                .containsEntry("base", "2.5")
                .containsEntry("dimension", "2")
                .containsEntry("conditions", "1")
                .containsEntry("hidden", "[5, 4]")
                .containsEntry("activation", "tanh")
                .containsEntry("columns", "[\"weight\",\"h\u00f6he, \\\"m\\\"\"]")
                .containsEntry("condition_columns", "[\"year\"]")
                .containsEntry("provenance.seed", "-7")
                .containsEntry("setting.objective", "ssm-vr");
    }

    @Test
    void optionsAreInTheFile() throws IOException {
        Path file = directory.resolve("model.safetensors");
        ModelContents model = ModelExamples.leveled();
        ModelFile.write(model, file);
        SafeTensors content = SafeTensors.read(file);
        assertThat(content.metadata())
                .containsEntry("format_version", "2")
                .containsEntry("residual", "true")
                .containsEntry("fourier.count", "3")
                .containsEntry("fourier.scale", "1.5")
                .containsEntry("fourier.seed", "-4")
                .containsEntry("noise_levels.largest", "4.0")
                .containsEntry("noise_levels.smallest", "0.25")
                .containsEntry("noise_levels.count", "9")
                .containsEntry("conditions", "2");
        assertThat(content.tensors().get("fourier.frequencies").floats())
                .isEqualTo(new FourierFeatures(3, 1.5, -4).frequencies(4));

        Map<String, String> metadata = new HashMap<>(content.metadata());
        metadata.put("fourier.seed", "5");
        new SafeTensors(metadata, content.tensors()).write(file);
        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("'fourier.frequencies' is not what follows from the seed");
        metadata.put("fourier.seed", "-4");
        metadata.put("noise_levels.smallest", "40");
        new SafeTensors(metadata, content.tensors()).write(file);
        assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("fall from the largest to the smallest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind | gauss | not score, energy, dkef or nice",
                "kind | score | tensor 'layers.2.weight' has the shape [1, 4] where the metadata ask for [2, 4]",
                "dimension | 3 | [5, 3] where the metadata ask for [5, 4]",
                "dimension | 0 | at least one column",
                "dimension | two | not a whole number",
                "dimension | -1 | not a count",
                "conditions | 2147483647 | more than 2^31 - 1 inputs",
                "conditions | 2147483645 | more than 2^31 - 1 parameters",
                "hidden | [5, 4, 4] | [1, 4] where the metadata ask for [4, 4]",
                "hidden | [5] | [4, 5] where the metadata ask for [1, 5]",
                "hidden | [5, \"4\"] | not a JSON array of whole numbers",
                "hidden | [5, 4 | cannot be read",
                "hidden | {} | not a JSON array",
                "hidden | [0] | width of at least 1",
                "activation | step | no activation is called 'step'",
                "base | -1 | base",
                "base | NaN | base",
                "base | wide | not a number",
                "columns | [\"a\"] | names are [a]",
                "columns | [\"a\",\"a\"] | stands twice",
                "columns | [\"a\",\"year\"] | stands twice",
                "condition_columns | [1] | not a JSON array of strings",
                "provenance.seed | x | 'provenance.seed' is 'x'",
                "format_version | 3 | upgrade slicedscore to 0.1.0 or newer",
                "format_version | 0 | 'format_version' is 0",
                "format | pt | not a slicedscore.model ('format' is 'pt')",
                "format | slicedscore.checkpoint | not a slicedscore.model",
            })
    void metadataThatDoNotFitAreRefused(String key, String value, String complaint) throws IOException {
        refuses(complaint, (metadata, tensors) -> metadata.put(key, value));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        SafeTensors good = good();
        for (String key : good.metadata().keySet()) {
            if (!key.startsWith("setting.")) {
                refuses("'" + key + "'", (metadata, tensors) -> metadata.remove(key));
            }
        }
        for (String name : good.tensors().keySet()) {
            if (!name.equals("validation.log_density")) {
                refuses("tensor '" + name + "' is missing", (metadata, tensors) -> tensors.remove(name));
            }
        }
    }

    @Test
    void tensorsThatDoNotFitAreRefused() throws IOException {
        refuses("layers.3.bias", (metadata, tensors) -> tensors.put("layers.3.bias", Tensor.of(new float[1], 1)));
        refuses("type F64, not F32", (metadata, tensors) -> tensors.put("layers.0.bias", Tensor.of(new double[5], 5)));
        refuses(
                "shape [1, 5] where",
                (metadata, tensors) -> tensors.put("layers.0.bias", Tensor.of(new float[5], 1, 5)));
        refuses(
                "'layers.0.bias' holds NaN",
                (metadata, tensors) -> tensors.put("layers.0.bias", Tensor.of(new float[] {0, 0, Float.NaN, 0, 0}, 5)));
        refuses(
                "'standardizer.mean' holds NaN",
                (metadata, tensors) ->
                        tensors.put("standardizer.mean", Tensor.of(new double[] {0, Double.NEGATIVE_INFINITY, 0}, 3)));
        refuses(
                "deviation",
                (metadata, tensors) -> tensors.put("standardizer.deviation", Tensor.of(new double[] {1, 0, 1}, 3)));
        refuses("3 inputs, but the standardizer 4", (metadata, tensors) -> {
            tensors.put("standardizer.mean", Tensor.of(new double[4], 4));
            tensors.put("standardizer.deviation", Tensor.of(new double[] {1, 1, 1, 1}, 4));
        });
        refuses(
                "'validation.log_density' holds NaN",
                (metadata, tensors) -> tensors.put("validation.log_density", Tensor.of(new double[] {Double.NaN}, 1)));
    }

    @Test
    void aSafetensorsFileOfAnotherProgramIsNoModel() throws IOException {
        Path file = directory.resolve("torch.safetensors");
        new SafeTensors(Map.of(), Map.of("layers.0.weight", Tensor.of(new float[4], 2, 2))).write(file);
        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("safetensors file, but not a slicedscore.model")
                .hasMessageContaining("ScoreModel.save");
    }

    @Test
    void parametersThatAreNotFiniteAreNotWritten() throws IOException {
        Path file = directory.resolve("model.safetensors");
        ModelContents good = ModelExamples.energy();
        ModelFile.write(good, file);
        float[] values = good.parameters().toArray();
        values[15] = Float.NaN;
        ModelContents bad = ModelExamples.contents(good.architecture(), Parameters.of(good.architecture(), values));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelFile.write(bad, file))
                .withMessageContaining("'layers.0.bias'");
        assertThat(ModelFile.read(file)).isEqualTo(good);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void partsThatDoNotFitTogetherAreRefused() {
        ModelContents energy = ModelExamples.energy();
        ModelContents score = ModelExamples.score();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelExamples.contents(energy.architecture(), score.parameters()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelExamples.contents(score.architecture(), score.parameters(), 1.0))
                .withMessageContaining("no log-densities");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelExamples.contents(energy.architecture(), energy.parameters(), Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModelContents(
                        energy.architecture(),
                        energy.parameters(),
                        new Standardizer(new double[2], new double[] {1, 1}),
                        energy.columns(),
                        energy.conditions(),
                        energy.provenance(),
                        new double[0]));
    }

    private interface Change {
        void apply(Map<String, String> metadata, Map<String, Tensor> tensors);
    }

    private SafeTensors good() throws IOException {
        Path file = directory.resolve("good.safetensors");
        ModelFile.write(ModelExamples.energy(), file);
        return SafeTensors.read(file);
    }

    private void refuses(String complaint, Change change) throws IOException {
        SafeTensors good = good();
        Map<String, String> metadata = new HashMap<>(good.metadata());
        Map<String, Tensor> tensors = new HashMap<>(good.tensors());
        change.apply(metadata, tensors);
        Path file = directory.resolve("bad.safetensors");
        new SafeTensors(metadata, tensors).write(file);
        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(complaint)
                .hasMessageContaining("; ");
    }
}
