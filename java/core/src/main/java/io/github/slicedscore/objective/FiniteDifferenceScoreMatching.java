package io.github.slicedscore.objective;

import io.github.slicedscore.model.Architecture;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sliced score matching by central differences along the slice, with plain evaluations and first derivatives only:
 *
 * <pre>
 * L = mean over rows and slices of   q~ + p~^2 / 2,      s+- = s(x +- eps v),      f+- = f(x +- eps v)
 * score network   q~ = v.(s+ - s-) / (2 eps)             p~ = v.(s+ + s-) / 2
 * energy          q~ = (f+ - 2 f + f-) / eps^2           p~ = (f+ - f-) / (2 eps)
 * </pre>
 *
 * <p>It approaches {@link SlicedScoreMatching} as eps^2; single precision takes away what a small eps would gain, because
 * differences of near-equal numbers are divided by it. Reference code that writes |v| = eps has this eps times sqrt(D).
 *
 * <h2>References</h2>
 * <ol>
 * <li>T. Pang, K. Xu, C. Li, Y. Song, S. Ermon, J. Zhu. Efficient learning of generative models via finite-difference score
 *     matching. NeurIPS 2020, section 3.
 * </ol>
 *
 * @param slices the random directions
 * @param epsilon eps, length of the differences in units of the slice, positive
 */
public record FiniteDifferenceScoreMatching(Slices slices, double epsilon) implements SlicedObjective {
    /** Checks the range. */
    public FiniteDifferenceScoreMatching {
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException(
                    "the epsilon of finite-difference score matching is a positive number, 0.1 for" + " example, not "
                            + epsilon + ": the loss divides by it");
        }
    }

    @Override
    public String id() {
        return "fd-ssm";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(slices.settings());
        settings.put("epsilon", Double.toString(epsilon));
        return settings;
    }

    /** Any activation will do: differences see a kink on both of its sides, so that nothing is missed. */
    @Override
    public void requireSupports(Architecture architecture) {
        KinkRule.levels(this, architecture);
    }
}
