package io.github.slicedscore.oracle;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.util.List;
import java.util.Random;

/**
 * A small deep kernel energy none of whose parts is negligible.
 *
 * @param energy of two kernels
 * @param parameters as initialised, bandwidths, logits and regulariser moved, coefficients normal
 */
public record KernelCase(DeepKernelEnergy energy, Parameters parameters) {
    public static KernelCase of(int dimension, int inducing, long seed) {
        DeepKernelEnergy energy =
                new DeepKernelEnergy(dimension, List.of(4, 3), Activation.SOFTPLUS, 2, 2, inducing, 2);
        float[] values = Parameters.initialize(energy, seed).toArray();
        Random random = new Random(seed);
        for (String name : List.of("log_bandwidth", "mixture_logits", "log_regularizer", "coefficients")) {
            for (int i = 0; i < energy.layout().tensor(name).size(); i++) {
                values[energy.layout().tensor(name).offset() + i] += (float) (0.3 * random.nextGaussian());
            }
        }
        return new KernelCase(energy, Parameters.of(energy, values));
    }

    public KernelOracle oracle() {
        return new KernelOracle(energy, Floats.widen(parameters.toArray()));
    }

    /** The objectives that coefficients are solved for under. */
    public static List<Objective> objectives() {
        return List.of(
                new SlicedScoreMatching(new Slices(2, Projection.GAUSSIAN)),
                new VarianceReducedScoreMatching(new Slices(2, Projection.GAUSSIAN)),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(0.3),
                new FiniteDifferenceScoreMatching(new Slices(2, Projection.GAUSSIAN), 0.3));
    }

    /** Normal rows, and directions for them. */
    public Oracle.Batch batch(Objective objective, int rows, long seed) {
        Random random = new Random(seed);
        return new Oracle.Batch(
                normal(rows * energy.dimension(), random),
                normal(objective.directions() * rows * energy.dimension(), random));
    }

    private static double[] normal(int count, Random random) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
