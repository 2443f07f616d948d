package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/** The loss of held-out rows on slices, noise and levels that stay the same, so that its values can be compared along a run. */
final class Validation implements AutoCloseable {
    /** The step whose random numbers are used: the last that 32 bits can name, which no training reaches. */
    private static final long STEP = 0xFFFFFFFFL;

    private final ObjectiveFunction function;
    private final float[] inputs;
    private final float[] directions;

    Validation(Backend backend, Architecture architecture, Objective objective, TrainingRows rows, long seed) {
        int width = architecture.inputs();
        int dimension = architecture.dimension();
        int count = objective.directions();
        NoiseLevels levels = objective.noiseLevels().orElse(null);
        inputs = new float[Math.multiplyExact(rows.rows(), width)];
        directions = new float[Math.multiplyExact(Math.multiplyExact(count, rows.rows()), dimension)];
        Philox philox = new Philox();
        float[] input = new float[width];
        float[] direction = new float[dimension];
        for (int row = 0; row < rows.rows(); row++) {
            rows.copy(philox, seed, STEP, row, row, input);
            if (levels != null) {
                levels.draw(philox, seed, row, STEP, input);
            }
            System.arraycopy(input, 0, inputs, row * width, width);
            for (int k = 0; k < count; k++) {
                objective.draw(philox, seed, row, k, STEP, direction, dimension);
                System.arraycopy(direction, 0, directions, (k * rows.rows() + row) * dimension, dimension);
            }
        }
        function = backend.openObjective(architecture, objective);
    }

    /** Mean loss of the held-out rows. */
    double loss(Parameters parameters) {
        double sum = 0;
        double[] losses = function.losses(parameters, inputs, directions);
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length;
    }

    @Override
    public void close() {
        function.close();
    }
}
