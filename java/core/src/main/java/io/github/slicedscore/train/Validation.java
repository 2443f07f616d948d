package io.github.slicedscore.train;

import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.ObjectiveFunction;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.math.Philox;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;
import org.jspecify.annotations.Nullable;

/** The loss of held-out rows on slices, noise and levels that stay the same, so that its values can be compared along a run. */
final class Validation implements AutoCloseable {
    /** The step whose random numbers are used: the last that 32 bits can name, which no training reaches. */
    private static final long STEP = 0xFFFFFFFFL;

    /** What is evaluated together, at most; more rows than these are drawn afresh each time, fewer once. */
    private static final int ROWS_AT_ONCE = 1 << 14;

    /** Numbers of inputs and directions that are evaluated together, unless those of a single row are more. */
    private static final int NUMBERS_AT_ONCE = 1 << 23;

    private final ObjectiveFunction function;
    private final Architecture architecture;
    private final Objective objective;
    private final @Nullable NoiseLevels levels;
    private final TrainingRows rows;
    private final long seed;
    private final int atOnce;
    private final Philox philox = new Philox();
    private float[] inputs = {};
    private float[] directions = {};

    Validation(Backend backend, Architecture architecture, Objective objective, TrainingRows rows, long seed) {
        this.architecture = architecture;
        this.objective = objective;
        this.levels = objective.noiseLevels().orElse(null);
        this.rows = rows;
        this.seed = seed;
        long numbers = architecture.inputs() + (long) objective.directions() * architecture.dimension();
        atOnce = (int) Math.max(1, Math.min(ROWS_AT_ONCE, NUMBERS_AT_ONCE / numbers));
        function = backend.openObjective(architecture, objective);
    }

    /** Mean loss of the held-out rows. */
    double loss(Parameters parameters) {
        double sum = 0;
        for (int count, from = 0; from < rows.rows(); from += count) {
            count = Math.min(atOnce, rows.rows() - from);
            fill(from, count);
            for (double loss : function.losses(parameters, inputs, directions)) {
                sum += loss;
            }
        }
        return sum / rows.rows();
    }

    private void fill(int from, int count) {
        int width = architecture.inputs();
        int dimension = architecture.dimension();
        if (inputs.length != count * width) {
            inputs = new float[Math.multiplyExact(count, width)];
            directions = new float[Math.multiplyExact(Math.multiplyExact(objective.directions(), count), dimension)];
        } else if (rows.rows() <= atOnce) {
            return;
        }
        float[] input = new float[width];
        float[] direction = new float[dimension];
        for (int i = 0; i < count; i++) {
            int row = from + i;
            rows.copy(philox, seed, STEP, row, row, input);
            if (levels != null) {
                levels.draw(philox, seed, row, STEP, input);
            }
            System.arraycopy(input, 0, inputs, i * width, width);
            for (int k = 0; k < objective.directions(); k++) {
                objective.draw(philox, seed, row, k, STEP, direction, dimension);
                System.arraycopy(direction, 0, directions, (k * count + i) * dimension, dimension);
            }
        }
    }

    @Override
    public void close() {
        function.close();
    }
}
