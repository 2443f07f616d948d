package io.github.slicedscore.io;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.fuzz.Hostile;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.model.ScoreMlp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model file is refused, or is the same after it was written and read again, and scores the mean row if that can be standardised.
 */
public final class ModelFuzz {
    private static final Backend BACKEND = Backends.open("cpu", new BackendOptions(1, 0));

    private ModelFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Optional<ModelContents> read = Hostile.read(input, ModelFile::read);
        if (read.isEmpty()) {
            return;
        }
        ModelContents contents = read.get();
        Hostile.requireEqual(Hostile.read(bytes(contents), ModelFile::read), read);
        try (ScoreModel model = ScoreModel.of(contents, BACKEND)) {
            model.score(contents.standardizer().means());
        } catch (IllegalArgumentException e) {
            // The deviations may be such that no row can be standardised.
            Hostile.requireEqual(e.getMessage().contains("after standardising"), true);
        }
    }

    private static byte[] bytes(ModelContents contents) throws IOException {
        return Hostile.written(file -> ModelFile.write(contents, file));
    }

    public static List<byte[]> seeds() throws IOException {
        MlpOptions options = MlpOptions.NONE
                .withResidual(true)
                .withFourier(new FourierFeatures(1, 1.5, -4))
                .withNoiseLevels(new NoiseLevels(4, 0.25, 9));
        return List.of(
                bytes(contents(new ScoreMlp(1, 1, List.of(2), Activation.SILU), 1)),
                bytes(contents(new EnergyMlp(1, 1, List.of(2), Activation.TANH, 2.5), 1, -3, -2)),
                bytes(contents(new EnergyMlp(1, 2, List.of(2, 2), Activation.SOFTPLUS, 0, options), 1)));
    }

    private static ModelContents contents(Architecture architecture, int given, double... densities) {
        return new ModelContents(
                architecture,
                Parameters.initialize(architecture, 3),
                new Standardizer(new double[] {100, 0.5}, new double[] {25, 4}),
                List.of("a"),
                List.of("b").subList(0, given),
                new Provenance(
                        "0.1.0", "now", "17", "plain", "00", 9, -7, 2, 1, -1.5, Double.NaN, Map.of("noise", "0.1")),
                densities);
    }
}
