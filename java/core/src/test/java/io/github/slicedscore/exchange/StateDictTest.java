package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.Version;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.MalformedFileException;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateDictTest {
    @TempDir
    Path folder;

    /** Layers 2-3-3-3-2. */
    private static Map<String, Tensor> chain(String... names) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            int in = i == 0 ? 2 : 3;
            int out = i == names.length - 1 ? 2 : 3;
            float[] weight = new float[in * out];
            weight[0] = i;
            tensors.put(names[i] + ".weight", Tensor.of(weight, out, in));
            tensors.put(names[i] + ".bias", Tensor.of(new float[out], out));
        }
        return tensors;
    }

    private Path file(Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("net.safetensors");
        new SafeTensors(Map.of(), tensors).write(file);
        return file;
    }

    @Test
    void layersComeInTheNaturalOrderOfTheirNames() throws IOException {
        String[][] orders = {
            {"net.0", "net.2", "net.10", "net.12"},
            {"a9", "a10", "a11b2", "a11b10"},
            {"fc1", "fc2", "fc3", "out"},
            {"b.1", "b.01.0", "b.01.1", "c"},
            {"99999999999999999998", "99999999999999999999", "100000000000000000000", "a"},
        };
        for (String[] names : orders) {
            List<LinearLayer> layers = StateDict.read(file(chain(names))).layers();
            assertThat(layers.stream().map(LinearLayer::name)).containsExactly(names);
            for (int i = 0; i < names.length; i++) {
                assertThat(layers.get(i).weight()[0]).isEqualTo(i);
            }
        }
    }

    @Test
    void anotherOrderCanBeNamed() throws IOException {
        Path file = file(chain("input", "hidden", "deep", "head"));
        List<String> order = List.of("input", "hidden", "deep", "head");
        assertThat(StateDict.read(file, order).layers().stream().map(LinearLayer::name))
                .containsExactlyElementsOf(order);
        assertThat(StateDict.read(file, order).hidden()).containsExactly(3, 3, 3);
        assertThatThrownBy(() -> StateDict.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("tensor 'hidden.weight' takes 3 inputs, but 'head.weight' before it gives 2")
                .hasMessageContaining("in the order deep, head, hidden, input")
                .hasMessageContaining("--layers");
        for (List<String> wrong : List.of(
                List.of("input", "hidden", "deep"),
                List.of("input", "hidden", "deep", "tail"),
                List.of("input", "hidden", "hidden", "deep", "head"))) {
            assertThatThrownBy(() -> StateDict.read(file, wrong))
                    .hasMessageContaining("its layers are deep, head, hidden, input, not " + String.join(", ", wrong));
        }
    }

    @Test
    void aNetworkOfOneLayerHasBareNames() throws IOException {
        StateDict dict = StateDict.read(
                file(Map.of("weight", Tensor.of(new float[] {1, 2}, 1, 2), "bias", Tensor.of(new float[] {3}, 1))));
        assertThat(dict.layers()).containsExactly(new LinearLayer("", 2, 1, new float[] {1, 2}, new float[] {3}));
        assertThat(dict.hidden()).isEmpty();
    }

    private record Fault(String complaint, Consumer<Map<String, Tensor>> change) {
        @Override
        public String toString() {
            return complaint;
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault(
                        "tensor '2.bias' is missing beside '2.weight'; make the layer with bias=True",
                        tensors -> tensors.remove("2.bias")),
                new Fault("tensor '2.weight' is missing beside '2.bias'; ", tensors -> tensors.remove("2.weight")),
                new Fault(
                        "tensor '1.running_mean' is no weight or bias of a Linear layer; give the state dict",
                        tensors -> tensors.put("1.running_mean", Tensor.of(new float[3], 3))),
                new Fault(
                        "tensor '0.weight_g' is no weight or bias of a Linear layer; take the weights' parametrization off",
                        tensors -> tensors.put("0.weight_g", Tensor.of(new float[3], 3, 1))),
                new Fault(
                        "'0.parametrizations.weight.original0' is no weight or bias of a Linear layer; take the weights'",
                        tensors -> tensors.put("0.parametrizations.weight.original0", Tensor.of(new float[3], 3, 1))),
                new Fault(
                        "tensor '1.weight' has the shape [3], where a Linear layer's is [outputs, inputs]", tensors -> {
                            tensors.put("1.weight", Tensor.of(new float[3], 3));
                            tensors.put("1.bias", Tensor.of(new float[3], 3));
                        }),
                new Fault(
                        "tensor '0.weight' has the shape [3, 1, 2], where",
                        tensors -> tensors.put("0.weight", Tensor.of(new float[6], 3, 1, 2))),
                new Fault(
                        "tensor '0.weight' has the shape [3, 0], where",
                        tensors -> tensors.put("0.weight", Tensor.of(new float[0], 3, 0))),
                new Fault(
                        "tensor '0.bias' has the shape [3, 1], where a Linear layer's is [outputs]",
                        tensors -> tensors.put("0.bias", Tensor.of(new float[3], 3, 1))),
                new Fault(
                        "tensor '0.bias' has 4 numbers, but '0.weight' of shape [3, 2] has 3 outputs",
                        tensors -> tensors.put("0.bias", Tensor.of(new float[4], 4))),
                new Fault(
                        "tensor '2.weight' takes 4 inputs, but '0.weight' before it gives 3; the layers were taken in"
                                + " the order 0, 2, 4;",
                        tensors -> tensors.put("2.weight", Tensor.of(new float[12], 3, 4))),
                new Fault(
                        "tensor '0.bias' is of type I64, not floating point; convert it with .float()",
                        tensors -> tensors.put("0.bias", Tensor.of(new long[3], 3))),
                new Fault(
                        "tensor '0.bias' holds NaN; save",
                        tensors -> tensors.put("0.bias", Tensor.of(new float[] {0, Float.NaN, 0}, 3))),
                new Fault(
                        "tensor '0.bias' holds 1.0E300, which single precision cannot hold; save",
                        tensors -> tensors.put("0.bias", Tensor.of(new double[] {0, 1e300, 0}, 3))),
                new Fault("it holds no tensor; ", Map::clear));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsNoChainOfLayersIsRefused(Fault fault) throws IOException {
        Map<String, Tensor> tensors = chain("0", "2", "4");
        fault.change().accept(tensors);
        Path file = file(tensors);
        assertThatThrownBy(() -> StateDict.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(fault.complaint());
    }

    @Test
    void aModelFileIsNoStateDict() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(ModelExamples.score(), file);
        assertThatThrownBy(() -> StateDict.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("'slicedscore.model'")
                .hasMessageContaining("use it as it is");
    }

    @Test
    void aFileOfTorchSaveIsToldApart() throws IOException {
        Path file = Files.write(folder.resolve("net.pt"), new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0});
        assertThatThrownBy(() -> StateDict.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("as torch.save writes")
                .hasMessageContaining("safetensors.torch.save_file");
    }

    @Test
    void anArchitectureOfOtherWidthsIsRefused() throws IOException {
        StateDict dict = StateDict.read(file(chain("0", "2", "4")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model(dict, new ScoreMlp(2, 0, List.of(3, 4), Activation.TANH)))
                .withMessageContaining("2-3-3-2, but those of the network are 2-3-4-2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model(dict, new ScoreMlp(2, 0, List.of(3), Activation.TANH)));
        assertThatIllegalArgumentException().isThrownBy(() -> new StateDict(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateDict(
                        List.of(dict.layers().get(0), dict.layers().get(0))))
                .withMessageContaining("cannot follow");
        assertThatIllegalArgumentException().isThrownBy(() -> new LinearLayer("0", 2, 2, new float[4], new float[3]));
    }

    @Test
    void anImportedModelSaysSo() throws IOException {
        StateDict dict = StateDict.read(file(chain("0", "2", "4")));
        ModelContents model = model(dict, new ScoreMlp(2, 0, List.of(3, 3), Activation.TANH));
        assertThat(model.provenance().version()).isEqualTo(Version.STRING);
        assertThat(model.provenance().settings()).containsExactly(Map.entry("imported", "PyTorch state dict"));
        assertThat(model.provenance().steps()).isZero();
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(model, file);
        assertThat(ModelFile.read(file)).isEqualTo(model);
    }

    private static ModelContents model(StateDict dict, Mlp architecture) {
        Standardizer units = new Standardizer(new double[2], new double[] {1, 1});
        return dict.toModel(architecture, units, List.of("a", "b"), List.of());
    }

    @Test
    void theMetadataOfAStateDictSayWhatTheNetworkIs() throws IOException {
        Path file = folder.resolve("net.safetensors");
        StateDict.write(ModelExamples.energy(), file);
        assertThat(SafeTensors.read(file).metadata())
                .containsEntry("format", "pt")
                .containsEntry("kind", "energy")
                .containsEntry("activation", "tanh")
                .containsEntry("base", "2.5")
                .containsEntry("columns", "[\"weight\",\"h\u00f6he, \\\"m\\\"\"]")
                .containsEntry("mean", "[100.0, -3.0, 0.5]")
                .containsEntry("deviation", "[25.0, 0.125, 4.0]")
                .doesNotContainKey("format_version");
    }

    @Test
    void whatSequentialCannotExpressIsRefusedByName() {
        Map<String, MlpOptions> refused = Map.of(
                "noise levels", MlpOptions.NONE.withNoiseLevels(new NoiseLevels(4, 0.25, 9)),
                "Fourier features", MlpOptions.NONE.withFourier(new FourierFeatures(3, 1, 0)),
                "residual layers", MlpOptions.NONE.withResidual(true));
        Path file = folder.resolve("net.safetensors");
        refused.forEach((name, options) -> {
            Architecture architecture =
                    new ScoreMlp(2, options.noiseLevels().isPresent() ? 2 : 1, List.of(4, 4), Activation.TANH, options);
            ModelContents model = ModelExamples.contents(architecture, Parameters.initialize(architecture, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StateDict.write(model, file))
                    .withMessageContaining("the model has " + name + ", and no nn.Sequential");
        });
        assertThat(Files.exists(file)).isFalse();
    }
}
