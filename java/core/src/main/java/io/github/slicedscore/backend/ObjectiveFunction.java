package io.github.slicedscore.backend;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/**
 * An objective at given inputs, random directions and parameters: for optimisers of one's own, for validation and for tests.
 * Owned by one thread.
 *
 * <p>Directions are the M slices, scaled so that E[v v^T] = I, then the noise e where the objective adds noise: K =
 * {@link Objective#directions()} in all. Where it has several levels, each row's last condition is the log sigma of its level.
 */
public interface ObjectiveFunction extends AutoCloseable {
    /**
     * Loss and gradient.
     *
     * @param parameters the network's parameters
     * @param inputs rows [x, c], [N, D + C] row-major
     * @param directions slices, then noise, [K, N, D] row-major
     * @return per-sample losses, their mean and its gradient
     * @throws IllegalArgumentException if lengths do not fit together
     */
    Evaluation evaluate(Parameters parameters, float[] inputs, float[] directions);

    /**
     * The losses alone, without a reverse pass.
     *
     * @param parameters the network's parameters
     * @param inputs rows [x, c], [N, D + C] row-major
     * @param directions slices, then noise, [K, N, D] row-major
     * @return the loss of each of the N rows
     */
    double[] losses(Parameters parameters, float[] inputs, float[] directions);

    /** Frees what the function holds. Idempotent. */
    @Override
    void close();

    /**
     * Checks, for backends, that what an evaluation is given fits together.
     *
     * @param architecture the network
     * @param objective what is evaluated
     * @param parameters the network's parameters
     * @param inputs rows [x, c]
     * @param directions slices, then noise
     * @return N, the number of rows
     * @throws IllegalArgumentException that says which length or layout does not fit
     */
    static int requireRows(
            Architecture architecture, Objective objective, Parameters parameters, float[] inputs, float[] directions) {
        int width = architecture.inputs();
        if (inputs.length == 0 || inputs.length % width != 0) {
            throw new IllegalArgumentException(
                    "inputs are rows of " + width + " numbers, at least one; " + inputs.length + " numbers are not");
        }
        int rows = inputs.length / width;
        int count = objective.directions();
        long expected = (long) count * rows * architecture.dimension();
        if (directions.length != expected) {
            throw new IllegalArgumentException("random directions (slices, then noise) are [K, N, D] = [" + count + ", "
                    + rows + ", " + architecture.dimension() + "], " + expected + " numbers, not " + directions.length);
        }
        if (!parameters.layout().equals(ParameterLayout.of(architecture))) {
            throw new IllegalArgumentException("the parameters are another network's, not those of " + architecture);
        }
        return rows;
    }
}
