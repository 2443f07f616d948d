package io.github.slicedscore.objective;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An objective of one's own, on the processor: any differentiable function of s, J v, p = v.s and q = v.J v of each sample.
 *
 * <pre>{@code
 * // SSM once more
 * Objective objective = new CustomObjective("mine", new Slices(1, Projection.RADEMACHER), jet -> {
 *     double p = jet.projected[0];
 *     jet.projectedSeeds[0] = p;
 *     jet.quadraticSeeds[0] = 1;
 *     return jet.quadratic[0] + p * p / 2;
 * });
 * }</pre>
 *
 * <p>The parameter gradient follows from the seeds exactly. Score networks take 1 + M rows a sample; for energies, s and J v
 * come from a forward and a reverse pass of 1 + M rows, and their gradient from two more.
 *
 * @param id name in files, of lower-case letters, digits and hyphens; none of the library's own
 * @param slices the random directions
 * @param loss the loss of one sample
 */
public record CustomObjective(String id, Slices slices, Loss loss) implements SlicedObjective {
    private static final Set<String> TAKEN =
            Set.of("ssm", "ssm-vr", "exact", "dsm", "fd-ssm", "fisher", "sliced-fisher", "multi-dsm", "multi-ssm-vr");

    /** Checks the name. */
    public CustomObjective {
        if (!id.matches("[a-z][a-z0-9-]*") || TAKEN.contains(id)) {
            throw new IllegalArgumentException("an objective of one's own has a name of lower-case letters, digits and"
                    + " hyphens that the library does not use itself, my-loss for example, not '" + id + "'");
        }
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(slices.settings());
        settings.put(FUNCTION, "loss");
        return settings;
    }

    /** The loss of one sample. Many threads call it at once, each with a jet of its own. */
    @FunctionalInterface
    public interface Loss {
        /**
         * The loss and its derivatives.
         *
         * @param jet what the network gave; where the seeds go
         * @return the loss of the sample
         */
        double evaluate(ProjectedJet jet);
    }
}
