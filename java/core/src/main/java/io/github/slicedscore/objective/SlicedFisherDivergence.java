package io.github.slicedscore.objective;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.model.Architecture;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Fisher divergence from a known score, projected on slices:
 *
 * <pre>L = mean over rows and slices of   (v.(s(x) - s_true(x)))^2 / 2</pre>
 *
 * <p>What sliced score matching minimises without knowing s_true: {@link SlicedScoreMatching} has the same gradient, and a value
 * that differs by a constant of the data.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Garg, J. Shi, S. Ermon. Sliced score matching: a scalable approach to density and score estimation.
 *     UAI 2019, equation 5.</li>
 * </ol>
 *
 * @param truth s_true; of the data in their own units where a trainer is given the objective, else of standardised rows
 * @param slices the random directions
 */
public record SlicedFisherDivergence(KnownScore truth, Slices slices) implements SlicedObjective {
    @Override
    public String id() {
        return "sliced-fisher";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(slices.settings());
        settings.put(FUNCTION, "known score");
        return settings;
    }

    @Override
    public void requireSupports(Architecture architecture) {
        KinkRule.ofScore(this, architecture);
        KinkRule.levels(this, architecture);
    }

    @Override
    public Objective standardized(Standardizer standardizer) {
        return new SlicedFisherDivergence(truth.standardized(standardizer), slices);
    }
}
