package io.github.slicedscore.objective;

import io.github.slicedscore.model.Architecture;
import java.util.Map;

/**
 * Denoising score matching:
 *
 * <pre>L = mean over rows of   |s(x~) + e / sigma|^2 / 2,      x~ = x + sigma e,      e ~ N(0, I)</pre>
 *
 * <p>The cheapest objective. It learns the score of the noised density p * N(0, sigma^2 I), not of p; a small sigma brings
 * the two together, but the loss's variance grows as D / sigma^2 meanwhile. The loss is the paper's, not scaled by sigma^2 or
 * sigma^4 as some implementations have it, so that losses compare with those of the other objectives.
 *
 * <h2>References</h2>
 * <ol>
 * <li>P. Vincent. A connection between score matching and denoising autoencoders. Neural Computation 2011, equation 9.</li>
 * </ol>
 *
 * @param sigma standard deviation of the noise in standardised units, positive
 */
public record DenoisingScoreMatching(double sigma) implements Objective {
    /** Checks the range. */
    public DenoisingScoreMatching {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException(
                    "the sigma of denoising score matching is a positive number, 0.1 for example, not " + sigma
                            + ": the loss divides by it");
        }
    }

    @Override
    public String id() {
        return "dsm";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("sigma", Double.toString(sigma));
    }

    @Override
    public boolean addsNoise() {
        return true;
    }

    @Override
    public void requireSupports(Architecture architecture) {
        KinkRule.ofScore(this, architecture);
        KinkRule.levels(this, architecture);
    }
}
