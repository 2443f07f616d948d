package io.github.slicedscore.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.oracle.Deviation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that PyTorch made give the scores here that they gave there. */
class TorchFixtureTest {
    private static final String SUFFIX = ".expected.safetensors";

    @TempDir
    Path folder;

    static List<String> networks() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("reference"))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyActivationBothKindsAndEveryTypeAreThere() throws IOException {
        assertThat(networks()).hasSize(14);
        for (Activation activation : Activation.values()) {
            assertThat(networks()).anyMatch(name -> name.endsWith("-" + activation.id()));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void scoresAndLogDensitiesAreThoseOfAutograd(String name) throws IOException {
        SafeTensors expected = SafeTensors.read(Fixtures.file(name + SUFFIX));
        ModelContents contents = imported(Fixtures.file(name + ".safetensors"), expected);
        double[] rows = expected.tensors().get("rows").doubles();
        int count = expected.tensors().get("rows").shape().get(0);
        try (Backend backend = Backends.open("cpu", new BackendOptions());
                ScoreModel model = ScoreModel.of(contents, backend)) {
            double[] scores = new double[count * model.columns().size()];
            model.score(rows, count, scores);
            assertThat(Deviation.ofScale(scores, expected.tensors().get("score").doubles()))
                    .isLessThan(1e-6);
            if (model.hasDensity()) {
                double[] densities = new double[count];
                model.logDensity(rows, count, densities);
                assertThat(Deviation.ofScale(
                                densities, expected.tensors().get("log_density").doubles()))
                        .isLessThan(1e-6);
            }
        }
    }

    /** What came from PyTorch goes back to it bit for bit, but for what single precision rounds and names. */
    @ParameterizedTest
    @MethodSource("networks")
    void whatIsWrittenIsWhatWasRead(String name) throws IOException {
        Path original = Fixtures.file(name + ".safetensors");
        ModelContents contents = imported(original, SafeTensors.read(Fixtures.file(name + SUFFIX)));
        Path written = folder.resolve("net.safetensors");
        StateDict.write(contents, written);
        List<LinearLayer> layers = StateDict.read(written).layers();
        List<LinearLayer> before = StateDict.read(original).layers();

        assertThat(layers.stream().map(LinearLayer::name))
                .containsExactlyElementsOf(IntStream.range(0, before.size())
                        .mapToObj(i -> Integer.toString(2 * i))
                        .toList());
        assertThat(layers)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("name")
                .isEqualTo(before);
        if (!name.matches(".*(named|affine|float.*)")) {
            assertThat(SafeTensors.read(written).tensors())
                    .isEqualTo(SafeTensors.read(original).tensors());
        }
    }

    private static ModelContents imported(Path file, SafeTensors expected) throws IOException {
        StateDict dict = StateDict.read(file);
        int dimension = Integer.parseInt(expected.metadata().get("dimension"));
        int conditions = Integer.parseInt(expected.metadata().get("conditions"));
        Activation activation = Activation.of(expected.metadata().get("activation"));
        Mlp architecture = expected.metadata().get("kind").equals("score")
                ? new ScoreMlp(dimension, conditions, dict.hidden(), activation)
                : new EnergyMlp(
                        dimension,
                        conditions,
                        dict.hidden(),
                        activation,
                        Double.parseDouble(expected.metadata().get("base")));
        Standardizer units = new Standardizer(
                expected.tensors().get("mean").doubles(),
                expected.tensors().get("deviation").doubles());
        return dict.toModel(
                architecture,
                units,
                IntStream.range(0, dimension).mapToObj(i -> "x" + i).toList(),
                IntStream.range(0, conditions).mapToObj(i -> "c" + i).toList());
    }
}
