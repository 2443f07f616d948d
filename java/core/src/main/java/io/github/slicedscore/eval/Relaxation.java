package io.github.slicedscore.eval;

import io.github.slicedscore.sample.Chains;
import io.github.slicedscore.sample.Density;
import io.github.slicedscore.sample.HamiltonianTransition;

/**
 * Moves rows a little way to where a density has its mass, by transitions of Hamiltonian Monte Carlo: what a proposal for that
 * density is best fitted to. A model of noised rows, for one, is wider than the rows.
 */
final class Relaxation {
    private static final int TRANSITIONS = 20;
    private static final int LEAPFROGS = 3;

    private Relaxation() {}

    /**
     * Rows moved.
     *
     * @param rows [count, D] row-major, finite
     * @param scales about the deviations of the columns, [D]
     * @return as many points
     */
    static double[] of(Density density, double[] rows, double[] scales, long seed) {
        int count = rows.length / scales.length;
        Chains chains = new Chains(density, rows, count);
        HamiltonianTransition transition = new HamiltonianTransition(count, scales, seed);
        AdaptiveStep step = new AdaptiveStep(1, scales.length);
        for (int t = 0; t < TRANSITIONS; t++) {
            step.adapt(transition.move(density, chains, step.value(), LEAPFROGS, t));
        }
        return chains.points();
    }
}
