package io.github.slicedscore.objective;

import java.util.Map;

/** An objective that projects on random directions. */
public sealed interface SlicedObjective extends Objective
        permits SlicedScoreMatching,
                VarianceReducedScoreMatching,
                FiniteDifferenceScoreMatching,
                SlicedFisherDivergence,
                MultiLevelVarianceReducedScoreMatching,
                CustomObjective {
    /**
     * The slices that the objective projects on.
     *
     * @return count and distribution
     */
    Slices slices();

    @Override
    default Map<String, String> settings() {
        return slices().settings();
    }
}
