package io.github.slicedscore.train;

import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.Parameters;

/**
 * The moving average of the parameters without what is left in it of where the run began. A run keeps
 *
 * <pre>a_0 = p_0,      a_t = d a_{t-1} + (1 - d) p_t</pre>
 *
 * <p>in which p_0, that nothing was learned by, has the weight d^t: most of it after a few steps. The parameters of a model are
 *
 * <pre>(a_t - d^t p_0) / (1 - d^t)</pre>
 *
 * <p>as in section 3 of the paper below for the moments. It follows from the state, the seed and the rows, so checkpoints hold a_t alone.
 *
 * <h2>References</h2>
 * <ol>
 * <li>D. Kingma, J. Ba. Adam: a method for stochastic optimization. ICLR 2015, arXiv 1412.6980.</li>
 * </ol>
 */
final class MovingAverage {
    /** A smaller weight is below the rounding of single precision. */
    private static final double LEAST_WEIGHT = 1e-9;

    private MovingAverage() {}

    /**
     * The average without its beginning.
     *
     * @param average a_t
     * @param architecture the network
     * @param seed the run's seed, from which p_0 follows
     * @param rows the training rows, from which the rest of it does
     * @param decay d, 0 where the average is the parameters themselves
     * @param step t
     */
    static Parameters corrected(
            Parameters average, Architecture architecture, long seed, TrainingRows rows, double decay, long step) {
        double weight = StrictMath.pow(decay, (double) step);
        if (decay == 0 || step == 0 || weight < LEAST_WEIGHT) {
            return average;
        }
        Parameters start = Parameters.initialize(architecture, seed, rows);
        float[] values = average.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((values[i] - weight * start.get(i)) / (1 - weight));
        }
        return Parameters.of(architecture, values);
    }
}
