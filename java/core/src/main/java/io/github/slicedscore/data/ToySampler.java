package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * A distribution from which exact, independent points can be drawn.
 *
 * <p>Those that are no {@link ToyDistribution} have a density that is not smooth or not known in closed form.
 *
 * <p>Instances are immutable and safe for concurrent use.
 */
public sealed interface ToySampler permits ToyDistribution, TwoMoons, Checkerboard, SwissRoll, Pinwheel {
    /**
     * The name in files and on the command line.
     *
     * @return lower-case name
     */
    String id();

    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    int dimension();

    /**
     * Draws one point; the same (seed, row) gives the same one.
     *
     * @param philox a generator of the calling thread
     * @param seed the key
     * @param row which point
     * @param into where it goes, length D
     */
    void sample(Philox philox, long seed, int row, double[] into);

    /**
     * Draws a dataset with columns x1, x2, ...
     *
     * @param seed the key
     * @param rows number of points
     * @return the points
     */
    default Dataset sample(long seed, int rows) {
        int dimension = dimension();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= dimension; i++) {
            columns.add("x" + i);
        }
        double[] values = new double[Math.multiplyExact(rows, dimension)];
        double[] point = new double[dimension];
        Philox philox = new Philox();
        for (int row = 0; row < rows; row++) {
            sample(philox, seed, row, point);
            System.arraycopy(point, 0, values, row * dimension, dimension);
        }
        return Dataset.of(columns, values);
    }
}
