package io.github.slicedscore.backend;

import io.github.slicedscore.model.Parameters;

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
}
