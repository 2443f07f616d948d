package io.github.slicedscore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of models that are made of several perceptrons: deep kernel energies and flows. */
class PerceptronsFileTest {
    private static final Architecture KERNELS = new DeepKernelEnergy(3, List.of(4), Activation.SOFTPLUS, 2, 2, 5, 2);
    private static final Architecture FLOW = new Nice(3, List.of(4), Activation.TANH, 3, Nice.Prior.LOGISTIC);

    @TempDir
    Path directory;

    private static ModelContents model(Architecture architecture) {
        return new ModelContents(
                architecture,
                Parameters.initialize(architecture, 5),
                new Standardizer(new double[] {1, -2, 0}, new double[] {1, 2, 0.5}),
                List.of("a", "b", "c"),
                List.of(),
                ModelExamples.PROVENANCE,
                new double[] {-1, -2.5});
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (Architecture architecture : List.of(KERNELS, FLOW)) {
            Path file = directory.resolve(architecture.kind() + ".safetensors");
            ModelContents model = model(architecture);

            ModelFile.write(model, file);

            assertThat(ModelFile.read(file)).isEqualTo(model);
            assertThat(SafeTensors.read(file).metadata()).containsEntry("format_version", "2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nice.couplings, 1000000000, more than the",
        "nice.couplings, 4, tensor 'couplings.3.layers.0.weight' is missing",
        "nice.couplings, 2, couplings.2.layers.0.bias",
        "nice.couplings, 0, 1 to 1000 couplings",
        "nice.couplings, -1, not a count",
        "nice.prior, gauss, not normal or logistic",
        "conditions, 1, knows no conditions",
        "dkef.kernels, 2147483647, more than the",
        "dkef.kernels, 3, tensor 'features.2.layers.0.weight' is missing",
        "dkef.kernels, 0, at least one feature",
        "dkef.features, 2147483647, more than 2^31 - 1",
        "dkef.inducing, 2147483647, more than 2^31 - 1",
        "dkef.inducing, 6, where the metadata ask for",
        "base, 0, positive",
        "base, NaN, base"
    })
    void claimsThatDoNotFitAreRefused(String key, String value, String complaint) throws IOException {
        boolean kernels = key.startsWith("dkef") || key.equals("base");
        refuses(kernels ? KERNELS : FLOW, Map.of(key, value), complaint);
    }

    /** Ten thousand layers a thousand times would be two gigabytes of names and shapes. */
    @Test
    void layersWithoutTensorsCostNothing() throws IOException {
        String layers = Collections.nCopies(10_000, 1).toString();
        refuses(FLOW, Map.of("hidden", layers, "nice.couplings", "1000"), "10000 hidden layers each is more than");
        refuses(KERNELS, Map.of("hidden", layers, "dkef.kernels", "1000"), "10000 hidden layers each is more than");
    }

    private void refuses(Architecture architecture, Map<String, String> changes, String complaint) throws IOException {
        Path file = directory.resolve("bad.safetensors");
        ModelFile.write(model(architecture), file);
        SafeTensors good = SafeTensors.read(file);
        Map<String, String> metadata = new HashMap<>(good.metadata());
        metadata.putAll(changes);
        new SafeTensors(metadata, good.tensors()).write(file);

        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(complaint);
    }
}
