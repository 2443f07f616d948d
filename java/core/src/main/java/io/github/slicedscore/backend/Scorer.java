package io.github.slicedscore.backend;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.model.Architecture;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network opened for inference, in standardised units. Safe for concurrent use; calls allocate nothing per row.
 */
public interface Scorer extends AutoCloseable {
    /**
     * What the network is.
     *
     * @return the architecture
     */
    Architecture architecture();

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

    /**
     * Traces of the Jacobian: the divergence of the score, which for energies is the Laplacian of f.
     *
     * <pre>tr J = sum over i = 1 .. D of   e_i.J e_i</pre>
     *
     * @param inputs rows [x, c], [rows, D + C] row-major
     * @param rows how many
     * @param traces where tr J goes, [rows]
     * @throws IllegalArgumentException if an array is too short
     */
    default void traces(float[] inputs, int rows, double[] traces) {
        int dimension = architecture().dimension();
        requireLength("inputs", inputs.length, rows, architecture().inputs());
        requireLength("traces", traces.length, rows, 1);
        float[] directions = new float[Math.multiplyExact(rows, dimension)];
        float[] products = new float[directions.length];
        Arrays.fill(traces, 0, rows, 0);
        for (int i = 0; i < dimension; i++) {
            for (int row = 0; row < rows; row++) {
                directions[row * dimension + i] = 1f;
            }
            jvp(inputs, directions, rows, products);
            for (int row = 0; row < rows; row++) {
                directions[row * dimension + i] = 0f;
                traces[row] += products[row * dimension + i];
            }
        }
    }

    /**
     * Steps of unadjusted Langevin dynamics, in place: for t = 0, 1, ... and h = sizes[t]
     *
     * <pre>x = x + h/2 s(x) + sqrt(h) xi,      xi ~ N(0, I)</pre>
     *
     * <p>xi of chain i are the normal numbers of {@link Philox} at position i, slice 0 and step firstStep + t + 1 of the
     * sampler's stream, so they are the same however the chains' steps are shared out among calls.
     *
     * @param chains rows [x, c], [count, D + C] row-major; x moves, c stays
     * @param count how many
     * @param sizes h of each step, positive
     * @param seed key of the random numbers
     * @param firstStep steps that the chains have done already
     * @throws IllegalArgumentException if the array is too short
     */
    default void langevin(float[] chains, int count, double[] sizes, long seed, long firstStep) {
        int dimension = architecture().dimension();
        int width = architecture().inputs();
        requireLength("chains", chains.length, count, width);
        Philox philox = new Philox();
        float[] scores = new float[Math.multiplyExact(count, dimension)];
        float[] noise = new float[dimension];
        for (int t = 0; t < sizes.length; t++) {
            float drift = (float) (0.5 * sizes[t]);
            float spread = (float) Math.sqrt(sizes[t]);
            evaluate(chains, count, null, scores);
            for (int chain = 0; chain < count; chain++) {
                philox.normals(seed, chain, RandomStream.SAMPLER, 0, firstStep + t + 1, noise, 0, dimension);
                for (int i = 0; i < dimension; i++) {
                    chains[chain * width + i] += drift * scores[chain * dimension + i] + spread * noise[i];
                }
            }
        }
    }

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
