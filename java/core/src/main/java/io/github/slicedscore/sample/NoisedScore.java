package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.model.NoiseLevels;

/**
 * The scores of noised data at every level of noise, in standardised units: what diffusion samplers follow.
 *
 * <pre>s(x, sigma) = grad log p_sigma(x),      p_sigma = p * N(0, sigma^2 I)</pre>
 *
 * <p>Any number of threads may call it, and the same row gets the same numbers whatever rows stand beside it.
 */
public interface NoisedScore {
    /**
     * D, the number of columns.
     *
     * @return at least 1
     */
    int dimension();

    /**
     * The levels at which the score is known; between them it may be asked, too.
     *
     * @return from the largest to the smallest
     */
    NoiseLevels levels();

    /**
     * Scores of rows.
     *
     * @param points x, [count, D] row-major
     * @param count how many
     * @param sigma the level
     * @param into where s(x, sigma) goes, [count, D] row-major; not the points themselves
     */
    void score(double[] points, int count, double sigma, double[] into);

    /**
     * Jacobian-vector products.
     *
     * @param points x, [count, D] row-major
     * @param directions v, [count, D] row-major
     * @param count how many
     * @param sigma the level
     * @param into where J v goes, J = ds/dx, [count, D] row-major; none of the other arrays
     */
    void jvp(double[] points, double[] directions, int count, double sigma, double[] into);

    /**
     * What a model of several noise levels learned, in standardised units.
     *
     * @param model trained with noise levels; not closed while the score is used
     * @param conditions values of the model's condition columns in original units, in the order of its conditions; empty for
     *     a model without
     * @return the score
     * @throws IllegalArgumentException if the model was trained without noise levels, or the conditions do not match the
     *     model's
     */
    static NoisedScore standardized(ScoreModel model, double... conditions) {
        return new ModelNoisedScore(model, ModelRows.of(model, conditions));
    }

    /**
     * The same at a condition for each row: row r of a call has that of number r, starting over after the last.
     *
     * @param model trained with noise levels and conditions; not closed while the score is used
     * @param conditions in original units, [count, C] row-major, columns in the order of the model's conditions
     * @return the score, whose rows stand in the order of the conditions
     * @throws IllegalArgumentException if the model was trained without noise levels or has no conditions, or these are no
     *     whole number of them
     */
    static NoisedScore standardizedEach(ScoreModel model, double[] conditions) {
        return new ModelNoisedScore(model, ModelRows.each(model, conditions));
    }
}
