package io.github.slicedscore.objective;

import java.util.Map;

/**
 * Score matching with the exact trace:
 *
 * <pre>L = mean over rows of   tr J + |s|^2 / 2</pre>
 *
 * <p>The Fisher divergence E|s - grad log p|^2 / 2 up to a constant of the data, without the variance of slices, at D times
 * their cost. The tangents e_1 .. e_D go through the network a few at a time, so memory does not grow with D beyond the rows
 * themselves.
 *
 * <h2>References</h2>
 * <ol>
 * <li>A. Hyvarinen. Estimation of non-normalized statistical models by score matching. JMLR 2005, equation 4.</li>
 * </ol>
 */
public record ExactScoreMatching() implements Objective {
    @Override
    public String id() {
        return "exact";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }
}
