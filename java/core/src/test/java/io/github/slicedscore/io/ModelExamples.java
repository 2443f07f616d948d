package io.github.slicedscore.io;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import io.github.slicedscore.model.ScoreMlp;
import java.util.List;
import java.util.Map;

/** Small models of known content for tests. */
public final class ModelExamples {
    public static final Provenance PROVENANCE = new Provenance(
            "0.1.0",
            "2026-11-23T00:00:00Z",
            "17.0.15",
            "plain",
            "00ff",
            1000,
            -7,
            200,
            150,
            -1.25,
            Double.NaN,
            Map.of("objective", "ssm-vr", "batch", "128"));

    private ModelExamples() {}

    /** An energy of two columns given one, with base and held-out rows. */
    public static ModelContents energy() {
        Architecture architecture = new EnergyMlp(2, 1, List.of(5, 4), Activation.TANH, 2.5);
        return contents(architecture, Parameters.initialize(architecture, 3), 3, -4.5, 1, -2);
    }

    /** A score network of two columns given one. */
    public static ModelContents score() {
        Architecture architecture = new ScoreMlp(2, 1, List.of(5), Activation.SILU);
        return contents(architecture, Parameters.initialize(architecture, 3));
    }

    /** An energy of two columns given one, with every option. */
    public static ModelContents leveled() {
        MlpOptions options = MlpOptions.NONE
                .withResidual(true)
                .withFourier(new FourierFeatures(3, 1.5, -4))
                .withNoiseLevels(new NoiseLevels(4, 0.25, 9));
        Architecture architecture = new EnergyMlp(2, 2, List.of(5, 5), Activation.TANH, 2.5, options);
        return contents(architecture, Parameters.initialize(architecture, 3), 3, -4.5);
    }

    /** A model with the standardizer, names and provenance of the examples. */
    public static ModelContents contents(Architecture architecture, Parameters parameters, double... densities) {
        return new ModelContents(
                architecture,
                parameters,
                new Standardizer(new double[] {100, -3, 0.5}, new double[] {25, 0.125, 4}),
                List.of("weight", "h\u00f6he, \"m\""),
                List.of("year"),
                PROVENANCE,
                densities);
    }
}
