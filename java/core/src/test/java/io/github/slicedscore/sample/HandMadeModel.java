package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelExamples;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import java.util.List;

/** Models written down by hand, with columns a, b, ..., the modelled ones first. */
final class HandMadeModel {
    private HandMadeModel() {}

    static ScoreModel of(
            Backend backend, Architecture architecture, float[] parameters, double[] means, double[] deviations) {
        List<String> names = List.of("a", "b", "c");
        int dimension = architecture.dimension();
        return ScoreModel.of(
                new ModelContents(
                        architecture,
                        Parameters.of(architecture, parameters),
                        new Standardizer(means, deviations),
                        names.subList(0, dimension),
                        names.subList(dimension, means.length),
                        ModelExamples.PROVENANCE,
                        new double[0]),
                backend);
    }

    /** N(3, 2^2) in the first column, N(-1, 0.5^2) in the second: weights of zero leave the Gaussian base. */
    static ScoreModel normal(Backend backend) {
        Architecture architecture = new EnergyMlp(2, 0, List.of(3), Activation.SOFTPLUS, 1);
        return of(backend, architecture, new float[13], new double[] {3, -1}, new double[] {2, 0.5});
    }
}
