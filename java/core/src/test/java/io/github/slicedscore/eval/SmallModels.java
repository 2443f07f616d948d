package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.ScoreMlp;
import java.util.Arrays;
import java.util.List;

/** Models written down by hand, of columns a, b, ... with means 3, 100, -1 and deviations 2, 10, 0.5. */
final class SmallModels {
    private static final double[] MEANS = {3, 100, -1};
    private static final double[] DEVIATIONS = {2, 10, 0.5};

    static final NoiseLevels LEVELS = new NoiseLevels(10, 0.01, 8);

    private SmallModels() {}

    static ScoreModel of(Backend backend, Architecture architecture, float... parameters) {
        return of(backend, architecture, Parameters.of(architecture, parameters));
    }

    static ScoreModel of(Backend backend, Architecture architecture, Parameters parameters) {
        List<String> names = List.of("a", "b", "c");
        int dimension = architecture.dimension();
        // Log sigma is no column of the data.
        int inputs = architecture.inputs() - (architecture.noiseLevels().isPresent() ? 1 : 0);
        return ScoreModel.of(
                new ModelContents(
                        architecture,
                        parameters,
                        new Standardizer(Arrays.copyOf(MEANS, inputs), Arrays.copyOf(DEVIATIONS, inputs)),
                        names.subList(0, dimension),
                        names.subList(dimension, inputs),
                        ModelExamples.PROVENANCE,
                        new double[0]),
                backend);
    }

    /** N(0, I) in standardised units, as an energy of two columns: all weights zero, the base alone. */
    static ScoreModel normalEnergy(Backend backend) {
        return of(backend, new EnergyMlp(2, 0, List.of(3), Activation.SOFTPLUS, 1), new float[13]);
    }

    /** N(0, I) in standardised units, as a score network of two columns. */
    static ScoreModel normalScore(Backend backend) {
        return of(backend, new ScoreMlp(2, 0, List.of(), Activation.SOFTPLUS), -1, 0, 0, -1, 0, 0);
    }

    /** N(0, I) in standardised units at every level of noise, as a network of two columns whose parameters are zero. */
    static ScoreModel normalAtEveryLevel(Backend backend, boolean energy) {
        MlpOptions options = MlpOptions.NONE.withNoiseLevels(LEVELS);
        return energy
                ? of(backend, new EnergyMlp(2, 1, List.of(), Activation.SOFTPLUS, 1, options), new float[4])
                : of(backend, new ScoreMlp(2, 1, List.of(), Activation.SOFTPLUS, options), new float[8]);
    }

    /** In standardised units f(x, c) = w x + u c + e - x^2 / (2 s0^2), so p(x | c) = N(w s0^2, s0^2) and Z depends on c. */
    static ScoreModel conditionalEnergy(Backend backend, float w, float u, float e, double base) {
        return of(backend, new EnergyMlp(1, 1, List.of(), Activation.SOFTPLUS, base), w, u, e);
    }
}
