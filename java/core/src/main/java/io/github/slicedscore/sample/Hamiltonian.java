package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;

/**
 * Hamiltonian Monte Carlo, for energies: proposals far away that are nearly always accepted, by following the dynamics of a
 * ball on the surface -log p for a while. {@link HamiltonianTransition} has the formulas.
 *
 * <p>The step of each chain in each transition is e times a number uniform on 0.4 .. 1.6 of its own. So no chain keeps returning
 * to where it was, and one in a steep tail, where e is too long, still moves (Neal, section 5.4.2.2). A warm-up adapts one step e for all chains to an acceptance
 * of {@value #TARGET}, and the scales d to the deviations of the chains' states; {@link Adaptation} reports both. After it
 * nothing changes. All chains move together, so every leapfrog step is one evaluation of the score at {@code chains} rows;
 * {@code (warmUp + draws x thinning) leapfrogs} of them. A proposal with an energy or a score that is not
 * finite is rejected; a chain that never moves since half the warm-up is warned of in the diagnostics, because the other
 * chains' draws remain good, and a {@link SamplingException} if none moves.
 *
 * <p>Samples repeat bit for bit for a seed and a number of chains; with more chains the step is another one.
 *
 * <h2>References</h2>
 * <ol>
 * <li>S. Duane, A. Kennedy, B. Pendleton, D. Roweth. Hybrid Monte Carlo. Physics Letters B 1987.</li>
 * <li>R. Neal. MCMC using Hamiltonian dynamics. Handbook of Markov Chain Monte Carlo 2011.</li>
 * <li>M. Hoffman, A. Gelman. The No-U-Turn sampler. JMLR 2014, section 3.2: the adaptation and its target.</li>
 * </ol>
 *
 * @param chains number of chains, at least 1
 * @param warmUp transitions before the first draw, at least 20
 * @param thinning transitions from one draw to the next, at least 1
 * @param leapfrogs leapfrog steps of a transition, at least 1
 */
public record Hamiltonian(int chains, int warmUp, int thinning, int leapfrogs) implements Sampler {
    /** The probability to accept that the step is adapted to. */
    public static final double TARGET = 0.8;

    /** How much the step of a transition varies. */
    private static final double JITTER = 0.6;

    /** Checks the ranges. */
    public Hamiltonian {
        new AdaptiveChains(chains, warmUp, thinning, leapfrogs, JITTER, TARGET);
    }

    /**
     * Settings that suit a model of standardised data.
     *
     * @return 64 chains, a warm-up of 500, draws 5 transitions apart, and 10 leapfrog steps
     */
    public static Hamiltonian standard() {
        return new Hamiltonian(64, 500, 5, 10);
    }

    /**
     * Chains on a density, in its own units.
     *
     * @param density what they walk on
     * @param starts where they begin, [chains, D] row-major; best spread out wider than the density
     * @param draws states kept of each chain
     * @param seed key of all random numbers
     * @return the draws, and whether they can be used
     * @throws IllegalArgumentException if the array is too short or there is no draw
     * @throws SamplingException if a chain starts where the density is no number, or none ever moves
     */
    public ChainRun run(Density density, double[] starts, int draws, long seed) {
        return adaptive().run(density, starts, draws, seed);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The samples are the last states of the chains, draw after draw, of at least 8 draws a chain. Chains begin at N(0, I).
     */
    @Override
    public Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        return adaptive().draw(model, count, seed, conditions);
    }

    @Override
    public Samples drawEach(ScoreModel model, double[] conditions, long seed) {
        return SharedConditions.drawEach(this, model, conditions, seed);
    }

    private AdaptiveChains adaptive() {
        return new AdaptiveChains(chains, warmUp, thinning, leapfrogs, JITTER, TARGET);
    }
}
