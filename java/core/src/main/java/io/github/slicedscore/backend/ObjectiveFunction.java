package io.github.slicedscore.backend;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.objective.Objective;

/**
 * An objective at given inputs, slices and parameters: for optimisers of one's own, for validation and for tests. Owned by
 * one thread.
 */
public interface ObjectiveFunction extends AutoCloseable {
    /**
     * Loss and gradient.
     *
     * @param parameters the network's parameters
     * @param inputs rows [x, c], [N, D + C] row-major
     * @param slices directions, [M, N, D] row-major, scaled so that E[v v^T] = I
     * @return per-sample losses, their mean and its gradient
     * @throws IllegalArgumentException if lengths do not fit together
     */
    Evaluation evaluate(Parameters parameters, float[] inputs, float[] slices);

    /**
     * The losses alone, without a reverse pass.
     *
     * @param parameters the network's parameters
     * @param inputs rows [x, c], [N, D + C] row-major
     * @param slices directions, [M, N, D] row-major
     * @return the loss of each of the N rows
     */
    double[] losses(Parameters parameters, float[] inputs, float[] slices);

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
     * @param slices directions
     * @return N, the number of rows
     * @throws IllegalArgumentException that says which length or layout does not fit
     */
    static int requireRows(
            Architecture architecture, Objective objective, Parameters parameters, float[] inputs, float[] slices) {
        int width = architecture.inputs();
        if (inputs.length == 0 || inputs.length % width != 0) {
            throw new IllegalArgumentException(
                    "inputs are rows of " + width + " numbers, at least one; " + inputs.length + " numbers are not");
        }
        int rows = inputs.length / width;
        int count = objective.slices().count();
        long expected = (long) count * rows * architecture.dimension();
        if (slices.length != expected) {
            throw new IllegalArgumentException("slices are [M, N, D] = [" + count + ", " + rows + ", "
                    + architecture.dimension() + "], " + expected + " numbers, not " + slices.length);
        }
        if (!parameters.layout().equals(ParameterLayout.of(architecture))) {
            throw new IllegalArgumentException("the parameters are another network's, not those of " + architecture);
        }
        return rows;
    }
}
