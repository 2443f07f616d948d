package io.github.slicedscore.backend;

import org.jspecify.annotations.Nullable;

/**
 * A network opened for inference, in standardised units. Safe for concurrent use; calls allocate nothing per row.
 */
public interface Scorer extends AutoCloseable {
    /**
     * Log-density and score of rows.
     *
     * @param inputs rows [x, c], [rows, D + C] row-major
     * @param rows how many
     * @param values where f(x) goes, [rows], or null; energies only
     * @param scores where s(x) goes, [rows, D] row-major, or null
     * @throws IllegalArgumentException if an array is too short, or values are asked of a score network
     */
    void evaluate(float[] inputs, int rows, float @Nullable [] values, float @Nullable [] scores);

    /**
     * Jacobian-vector products.
     *
     * @param inputs rows [x, c], [rows, D + C] row-major
     * @param directions v, [rows, D] row-major
     * @param rows how many
     * @param products where J v goes, [rows, D] row-major
     * @throws IllegalArgumentException if an array is too short
     */
    void jvp(float[] inputs, float[] directions, int rows, float[] products);

    /** Frees what the scorer holds; use afterwards throws {@link IllegalStateException}. Idempotent. */
    @Override
    void close();

    /**
     * Checks, for backends, the length of an array.
     *
     * @param what its name, for the message
     * @param length its length
     * @param rows number of rows it holds
     * @param width length of a row
     * @throws IllegalArgumentException if it is too short
     */
    static void requireLength(String what, int length, int rows, int width) {
        if (rows < 0 || length < (long) rows * width) {
            throw new IllegalArgumentException(
                    what + " of " + rows + " rows need " + (long) rows * width + " numbers, but there are " + length);
        }
    }
}
