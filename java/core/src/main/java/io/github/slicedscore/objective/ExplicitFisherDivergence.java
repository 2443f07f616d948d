package io.github.slicedscore.objective;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Architecture;
import java.util.Map;

/**
 * The Fisher divergence from a known score:
 *
 * <pre>L = mean over rows of   |s(x) - s_true(x)|^2 / 2</pre>
 *
 * <p>What score matching minimises without knowing s_true: {@link ExactScoreMatching} has the same gradient, and a value that
 * differs by E|s_true|^2 / 2. For teaching one network what another model knows, and for tests.
 *
 * <h2>References</h2>
 * <ol>
 * <li>A. Hyvarinen. Estimation of non-normalized statistical models by score matching. JMLR 2005, equation 2.</li>
 * </ol>
 *
 * @param truth s_true; of the data in their own units where a trainer is given the objective, else of standardised rows
 */
public record ExplicitFisherDivergence(KnownScore truth) implements Objective {
    @Override
    public String id() {
        return "fisher";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(FUNCTION, "known score");
    }

    @Override
    public void requireSupports(Architecture architecture) {
        KinkRule.ofScore(this, architecture);
        KinkRule.levels(this, architecture);
    }

    @Override
    public Objective standardized(Standardizer standardizer) {
        return new ExplicitFisherDivergence(truth.standardized(standardizer));
    }
}
