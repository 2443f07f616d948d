package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;

/**
 * The Metropolis-adjusted Langevin algorithm, for energies: Langevin steps, each of them accepted or rejected so that the
 * chains' distribution is the model's, without the bias that {@link Langevin} has.
 *
 * <pre>
 * y = x + h/2 d^2 s(x) + sqrt(h) d xi,      xi ~ N(0, I)
 * accept with probability min(1, p(y) q(x | y) / (p(x) q(y | x))),      q(y | x) = N(y; x + h/2 d^2 s(x), h d^2)
 * </pre>
 *
 * <p>A warm-up adapts one step h for all chains to an acceptance of {@value #TARGET}, and the scales d to the deviations of the
 * chains' states; {@link Adaptation} reports them, with e = sqrt(h) for
 * the step. After it nothing changes. All chains move together, so every transition is
 * one evaluation of log-density and score at {@code chains} rows; {@code warmUp + draws x thinning} of them in all. A proposal
 * with an energy or a score that is not finite is rejected; a chain that never moves since half the warm-up is warned of in the
 * diagnostics, because the other chains' draws remain good, and a {@link SamplingException} if none moves.
 *
 * <p>Samples repeat bit for bit for a seed and a number of chains; with more chains the step is another one.
 *
 * <h2>References</h2>
 * <ol>
 * <li>G. Roberts, R. Tweedie. Exponential convergence of Langevin distributions and their discrete approximations. Bernoulli
 *     1996, section 1.4.2.</li>
 * <li>G. Roberts, J. Rosenthal. Optimal scaling of discrete approximations to Langevin diffusions. JRSS B 1998: the
 *     target.</li>
 * <li>M. Hoffman, A. Gelman. The No-U-Turn sampler. JMLR 2014, section 3.2: the adaptation.</li>
 * </ol>
 *
 * @param chains number of chains, at least 1
 * @param warmUp transitions before the first draw, at least 20
 * @param thinning transitions from one draw to the next, at least 1
 */
public record Mala(int chains, int warmUp, int thinning) implements Sampler {
    /** The probability to accept that the step is adapted to. */
    public static final double TARGET = 0.574;

    /** Checks the ranges. */
    public Mala {
        new AdaptiveChains(chains, warmUp, thinning, 1, 0, TARGET);
    }

    /**
     * Settings that suit a model of standardised data.
     *
     * @return 64 chains, a warm-up of 500, and draws 50 transitions apart
     */
    public static Mala standard() {
        return new Mala(64, 500, 50);
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
        return new AdaptiveChains(chains, warmUp, thinning, 1, 0, TARGET);
    }
}
