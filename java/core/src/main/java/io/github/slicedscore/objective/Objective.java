package io.github.slicedscore.objective;

import io.github.slicedscore.model.Architecture;

/**
 * What to minimise: a score-matching objective, as a value. Losses are means over the rows of a batch, and over slices.
 *
 * <p>Notation: s the score, J its Jacobian in x (the Hessian of f for energies), v a slice, q = v.J v, p = v.s.
 */
public sealed interface Objective permits SlicedScoreMatching, VarianceReducedScoreMatching {
    /**
     * The name in files and on the command line.
     *
     * @return lower-case name
     */
    String id();

    /**
     * The slices that the objective projects on.
     *
     * @return count and distribution
     */
    Slices slices();

    /**
     * Refuses activations whose kink would bias the parameter gradient.
     *
     * <p>q is a function of act' on score networks and of act'' on energies; where that jumps, the derivative of the
     * expected loss has a delta at the kink that the pathwise gradient misses. Automatic differentiation has the same
     * fault, silently.
     *
     * @param architecture the network
     * @throws IllegalArgumentException that explains the refusal and names activations that do
     */
    default void requireSupports(Architecture architecture) {
        KinkRule.check(this, architecture);
    }
}
