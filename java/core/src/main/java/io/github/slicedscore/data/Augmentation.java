package io.github.slicedscore.data;

import java.util.Arrays;

/**
 * The noise that every batch gets afresh, in standardised units, along the modelled columns: a uniform number of
 * +-halfWidth undoes the rounding of a column, then a Gaussian of one standard deviation smooths all.
 *
 * <p>Score matching on discrete values diverges: between the values the density is zero and its logarithm has no gradient.
 * The model is then one of the noisy data.
 *
 * @param halfWidths half width of the uniform noise of each column, 0 where the column is not rounded
 * @param noise standard deviation of the Gaussian noise, 0 for none
 */
public record Augmentation(float[] halfWidths, float noise) {
    /** Checks that no width is negative or not a number. */
    public Augmentation {
        if (!(noise >= 0) || Float.isInfinite(noise)) {
            throw new IllegalArgumentException(
                    "the noise's standard deviation is not negative and finite, not " + noise);
        }
        for (float halfWidth : halfWidths) {
            if (!(halfWidth >= 0) || Float.isInfinite(halfWidth)) {
                throw new IllegalArgumentException(
                        "half widths are not negative and finite: " + Arrays.toString(halfWidths));
            }
        }
    }

    /**
     * No noise.
     *
     * @param dimension number of modelled columns
     * @return an augmentation that changes nothing
     */
    public static Augmentation none(int dimension) {
        return new Augmentation(new float[dimension], 0);
    }

    /**
     * Whether any column is dequantised.
     *
     * @return true if a half width is positive
     */
    public boolean dequantizes() {
        for (float halfWidth : halfWidths) {
            if (halfWidth > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Augmentation that && noise == that.noise && Arrays.equals(halfWidths, that.halfWidths);
    }

    @Override
    public int hashCode() {
        return 31 * Float.hashCode(noise) + Arrays.hashCode(halfWidths);
    }

    @Override
    public String toString() {
        return "Augmentation[halfWidths=" + Arrays.toString(halfWidths) + ", noise=" + noise + "]";
    }
}
