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
 * differences of near-equal numbers are divided by eps, or for an energy by eps^2. Relative errors, in the Euclidean norm, of
 * the losses of 512 samples and of their mean's gradient, measured in standardised units with two softplus layers of 128 at
 * their start and after training, D = 2, 16 and 100:
 *
 * <pre>
 *                  score network                     energy
 * eps       losses         gradient         losses         gradient
 * 0.3       2e-2 .. 9e-2   1e-2 .. 7e-2     4e-2 .. 7e-2   1e-2 .. 8e-2
 * 0.1       2e-3 .. 1e-2   2e-3 .. 9e-3     4e-3 .. 9e-3   1e-3 .. 1e-2
 * 0.02      9e-5 .. 4e-4   6e-5 .. 3e-4     5e-4 .. 2e-3   1e-4 .. 4e-4     best for energies
 * 0.01      2e-5 .. 1e-4   2e-5 .. 9e-5     2e-3 .. 9e-3   2e-4 .. 6e-4
 * 0.003     4e-6 .. 2e-5   1e-6 .. 8e-6     2e-2 .. 1e-1   5e-3 .. 2e-2     best for score networks
 * 0.001     7e-6 .. 5e-5   2e-6 .. 4e-6     2e-1 .. 9e-1   2e-2 .. 5e-2
 * </pre>
 *
 * <p>So 0.003 for a score network and 0.02 for an energy, whatever D; ten times as much leaves their gradients right to a
 * thousandth and to some percent. Reference code that writes |v| = eps has this eps times sqrt(D).
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
                    "the epsilon of finite-difference score matching is a positive number, 0.02 for example, not "
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
