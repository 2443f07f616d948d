package io.github.slicedscore.model;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Standard deviations of noise, falling geometrically, in standardised units:
 *
 * <pre>sigma_i = largest (smallest / largest)^(i / (count - 1)),      i = 0 .. count-1</pre>
 *
 * <p>A network of several levels learns the score of p_sigma = p * N(0, sigma^2 I) for all of them at once.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Ermon. Generative modeling by estimating gradients of the data distribution. NeurIPS 2019, section 4.
 * </ol>
 *
 * @param largest sigma_0, about as large as the largest distance in the data, for samplers to start from
 * @param smallest the last sigma; the model's samples and densities are blurred by it
 * @param count how many levels, 2 to 2^20
 */
public record NoiseLevels(double largest, double smallest, int count) {
    private static final int MOST = 1 << 20;

    /** Checks that the levels are positive and fall, and that there are not too many. */
    public NoiseLevels {
        if (!(smallest > 0) || !(largest > smallest) || Double.isInfinite(largest)) {
            throw new IllegalArgumentException(
                    "noise levels are positive and fall from the largest to the smallest, not from " + largest + " to "
                            + smallest + "; give the largest first, 5 and 0.05 for example");
        }
        if (count < 2) {
            throw new IllegalArgumentException("noise levels are at least two, the largest and the smallest, not "
                    + count + "; for one level train by denoising score matching with that sigma");
        }
        if (count > MOST) {
            throw new IllegalArgumentException("noise levels are at most " + MOST + ", not " + count
                    + ", as samplers go through all of them; a hundred are many");
        }
    }

    /**
     * One level.
     *
     * @param index 0 for the largest, count-1 for the smallest
     * @return sigma
     */
    public double level(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("level " + index + " of " + count);
        }
        // The ends exactly.
        return index == 0
                ? largest
                : index == count - 1 ? smallest : largest * StrictMath.pow(smallest / largest, index / (count - 1.0));
    }

    /**
     * All levels.
     *
     * @return sigma_0 &gt; sigma_1 &gt; ..., [count]
     */
    public double[] toArray() {
        double[] levels = new double[count];
        for (int i = 0; i < count; i++) {
            levels[i] = level(i);
        }
        return levels;
    }

    /**
     * Draws a level, each with the same chance. The same (seed, position, step) gives the same one.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param position position of the sample in the global batch
     * @param step step of the run
     * @return index of the level
     */
    public int draw(Philox philox, long seed, int position, long step) {
        philox.draw(seed, position, 0, RandomStream.LEVELS, 0, step);
        return (int) (philox.uniform(0) * count);
    }

    /**
     * Draws a level for a row, and writes it where the network looks for it.
     *
     * @param philox a generator of the calling thread
     * @param seed the run's seed
     * @param position position of the sample in the global batch
     * @param step step of the run
     * @param input a row [x, c, log sigma]; its last number is written
     */
    public void draw(Philox philox, long seed, int position, long step, float[] input) {
        input[input.length - 1] = condition(level(draw(philox, seed, position, step)));
    }

    /**
     * What a network is given for a level: the last column of its input.
     *
     * @param sigma standard deviation of the noise
     * @return log sigma
     */
    public static float condition(double sigma) {
        return (float) StrictMath.log(sigma);
    }

    /**
     * Rows with a level as their last column.
     *
     * @param rows [count, width] row-major
     * @param count how many
     * @param width length of a row without the level
     * @param sigma the level
     * @return [count, width + 1] row-major
     */
    public static float[] append(float[] rows, int count, int width, double sigma) {
        float[] longer = new float[Math.multiplyExact(count, width + 1)];
        for (int row = 0; row < count; row++) {
            System.arraycopy(rows, row * width, longer, row * (width + 1), width);
            longer[row * (width + 1) + width] = condition(sigma);
        }
        return longer;
    }
}
