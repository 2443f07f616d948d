package io.github.slicedscore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.oracle.Deviation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Model files of every format version that a release has written open in this one, and give what they gave then. The files are
 * never made again; {@code src/test/python/model_fixtures.py} is how they were.
 */
class StoredModelsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "models");
    private static final String SUFFIX = ".expected.safetensors";

    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void bothKindsOfEveryVersionAreThere() throws IOException {
        assertThat(models()).contains("version-1-energy", "version-1-score", "version-2-energy", "version-2-score");
        for (String name : models()) {
            String version = name.replaceFirst("version-([0-9]+)-.*", "$1");
            assertThat(SafeTensors.read(file(name)).metadata())
                    .containsEntry("format", "slicedscore.model")
                    .containsEntry("format_version", version);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aStoredModelOpensAndGivesWhatItGave(String name) throws IOException {
        SafeTensors expected = SafeTensors.read(FOLDER.resolve(name + SUFFIX));
        Tensor rows = expected.tensors().get("rows");
        int count = rows.shape().get(0);
        try (Backend backend = Backends.open("cpu", new BackendOptions());
                ScoreModel model = ScoreModel.of(ModelFile.read(file(name)), backend)) {
            double[] scores = new double[count * model.columns().size()];
            model.score(rows.doubles(), count, scores);
            assertThat(Deviation.ofScale(scores, expected.tensors().get("score").doubles()))
                    .isLessThan(3e-6);
            assertThat(model.hasDensity()).isEqualTo(name.endsWith("energy"));
            if (model.hasDensity()) {
                double[] densities = new double[count];
                model.logDensity(rows.doubles(), count, densities);
                assertThat(Deviation.ofScale(
                                densities, expected.tensors().get("log_density").doubles()))
                        .isLessThan(3e-6);
                assertThat(model.percentile(Double.POSITIVE_INFINITY)).isEqualTo(100);
            }
        }
    }

    private static Path file(String name) {
        return FOLDER.resolve(name + ".safetensors");
    }
}
