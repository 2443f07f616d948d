package io.github.slicedscore.model;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;

/**
 * Random waves that a perceptron sees beside its input, so that it can learn detail finer than its units' bends:
 *
 * <pre>[x, c]  becomes  [x, c, sin(B [x, c]), cos(B [x, c])],      B_ki ~ N(0, scale^2)</pre>
 *
 * <p>B follows from the seed and is never trained. Without hidden layers the waves make an affine model a random-feature one.
 *
 * <h2>References</h2>
 * <ol>
 * <li>M. Tancik and others. Fourier features let networks learn high frequency functions in low dimensional domains. NeurIPS
 *     2020, section 6.
 * </ol>
 *
 * @param count K, waves; each brings two inputs
 * @param scale standard deviation of their frequencies in radians per unit of the input; 2 pi / scale is about the length of
 *     the detail that they resolve
 * @param seed key of the frequencies
 */
public record FourierFeatures(int count, double scale, long seed) {
    /** A part of the initialization's stream that no layer uses. */
    private static final int SLICE = (1 << 24) - 1;

    /** Checks the ranges. */
    public FourierFeatures {
        if (count < 1) {
            throw new IllegalArgumentException("Fourier features are at least one, not " + count);
        }
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("the scale of Fourier features is a positive number, not " + scale);
        }
    }

    /**
     * The frequencies.
     *
     * @param inputs length of a row [x, c]
     * @return B, [K, inputs] row-major
     */
    public float[] frequencies(int inputs) {
        float[] all = new float[Math.multiplyExact(count, inputs)];
        float[] wave = new float[inputs];
        Philox philox = new Philox();
        for (int k = 0; k < count; k++) {
            philox.normals(seed, k, RandomStream.INITIALIZATION, SLICE, 0, wave, 0, inputs);
            for (int i = 0; i < inputs; i++) {
                all[k * inputs + i] = (float) (scale * wave[i]);
            }
        }
        return all;
    }
}
