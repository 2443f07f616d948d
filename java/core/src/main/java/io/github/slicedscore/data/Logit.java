package io.github.slicedscore.data;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Spreads levels, such as the pixels 0 to 255 of an image, over the real line, where a density of theirs is smooth:
 *
 * <pre>y = log(p / (1 - p)),      p = (x + u) / levels, clamped to [0.001, 0.999],      u uniform in (0, 1)</pre>
 *
 * <p>The noise u makes the levels a continuum; each row's is drawn once, by {@link Philox} at the row's position, so every
 * conversion by one seed gives the same numbers. The clamp keeps dark and light ones finite. A density of y is not one of x: the
 * map's determinant is left out, as in the paper's log-likelihoods.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Garg, J. Shi, S. Ermon. Sliced score matching: a scalable approach to density and score estimation. UAI 2019.
 * <li>L. Dinh, J. Sohl-Dickstein, S. Bengio. Density estimation using Real NVP. ICLR 2017.
 * </ol>
 *
 * @param levels how many there are, 256 for images of 8 bits
 * @param seed key of the random numbers
 */
public record Logit(int levels, long seed) {
    private static final double MARGIN = 1e-3;

    /** Apart from the noise of {@link TrainingRows}, whose slice is 0. */
    private static final int SLICE = 1;

    /** Checks the number. */
    public Logit {
        if (levels < 2) {
            throw new IllegalArgumentException("there are at least two levels, not " + levels);
        }
    }

    /** Whether a number is a level, or lies between two. */
    boolean takes(double x) {
        return x >= 0 && x <= levels - 1;
    }

    /** Maps a row in place. */
    void apply(int row, double[] values, int first, int width) {
        Philox philox = new Philox();
        for (int i = 0; i < width; i++) {
            if (i % 4 == 0) {
                philox.draw(seed, row, i / 4, RandomStream.DEQUANTIZATION, SLICE, 0);
            }
            double p = (values[first + i] + philox.uniform(i % 4)) / levels;
            double clamped = Math.max(MARGIN, Math.min(1 - MARGIN, p));
            values[first + i] = StrictMath.log(clamped) - StrictMath.log1p(-clamped);
        }
    }
}
