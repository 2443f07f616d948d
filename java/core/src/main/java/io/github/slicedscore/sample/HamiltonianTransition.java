package io.github.slicedscore.sample;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import java.util.Arrays;

/**
 * One transition of Hamiltonian Monte Carlo, for many chains at once: a Markov kernel that leaves p invariant for any step and
 * any number of leapfrog steps. With momenta r ~ N(0, I), scales d (the mass is diag(1/d^2)), step e and L leapfrog steps
 *
 * <pre>
 * L times:      r = r + e/2 d s(x)      x = x + e d r      r = r + e/2 d s(x)
 * accept with probability min(1, exp(H(start) - H(end))),      H = |r|^2/2 - f(x)
 * </pre>
 *
 * <p>With L = 1 this is the Metropolis-adjusted Langevin algorithm with h = e^2: the proposal is
 * x + h/2 d^2 s(x) + sqrt(h) d xi, and H's difference is the log of its Metropolis-Hastings ratio (Neal, section 5.2).
 *
 * <p>A proposal whose energy is not finite, or that a score that is not finite led to, is rejected. The density is evaluated
 * at all chains at once, L times a transition, log-densities the last time only.
 *
 * <p>Random numbers are addressed by (seed, chain, transition), in {@link RandomStream#MOMENTA} and
 * {@link RandomStream#ACCEPTANCE}; a chain's path depends on no other chain. Mutable (it holds the proposals), for one thread.
 *
 * <h2>References</h2>
 * <ol>
 * <li>S. Duane, A. Kennedy, B. Pendleton, D. Roweth. Hybrid Monte Carlo. Physics Letters B 1987.</li>
 * <li>R. Neal. MCMC using Hamiltonian dynamics. Handbook of Markov Chain Monte Carlo 2011, section 5.3, figure 2.</li>
 * </ol>
 */
public final class HamiltonianTransition {
    private final int count;
    private final int dimension;

    /** d of each chain, [count, D]. */
    private final double[] scales;

    private final long seed;
    private final Philox philox = new Philox();
    private final float[] normals;
    private final double[] momenta;
    private final double[] points;
    private final double[] logDensities;
    private final double[] scores;
    private final double[] energies;
    private final double[] acceptances;
    private final boolean[] moved;

    /**
     * A transition.
     *
     * @param count number of chains
     * @param scales d, length D, positive: about the deviations of the columns, or ones; copied
     * @param seed key of the random numbers
     * @throws IllegalArgumentException if a scale is not a positive number
     */
    public HamiltonianTransition(int count, double[] scales, long seed) {
        this(count, scales.length, repeated(count, scales), seed);
    }

    private HamiltonianTransition(int count, int dimension, double[] scales, long seed) {
        this.count = count;
        this.scales = scales;
        this.seed = seed;
        this.dimension = dimension;
        normals = new float[dimension];
        momenta = new double[count * dimension];
        points = new double[count * dimension];
        logDensities = new double[count];
        scores = new double[count * dimension];
        energies = new double[count];
        acceptances = new double[count];
        moved = new boolean[count];
    }

    /**
     * A transition of chains that have scales of their own. A column of scale 0 stands still in that chain, and the others then
     * leave p invariant given it.
     *
     * @param scales d, [count, D], positive or 0; not copied
     */
    static HamiltonianTransition ofChains(int count, int dimension, double[] scales, long seed) {
        return new HamiltonianTransition(count, dimension, scales, seed);
    }

    private static double[] repeated(int count, double[] scales) {
        double[] repeated = new double[Math.multiplyExact(count, scales.length)];
        for (int i = 0; i < scales.length; i++) {
            if (!(scales[i] > 0) || Double.isInfinite(scales[i])) {
                throw new IllegalArgumentException("scales of columns are positive numbers, not " + scales[i]);
            }
            for (int chain = 0; chain < count; chain++) {
                repeated[chain * scales.length + i] = scales[i];
            }
        }
        return repeated;
    }

    /**
     * Moves all chains by one transition.
     *
     * @param density what they walk on; the chains are evaluated at it
     * @param chains moved in place
     * @param step e, positive
     * @param leapfrogs L, at least 1
     * @param transition number of the transition: each of a run another one
     * @return mean over the chains of the probability to accept
     * @throws IllegalArgumentException if the step or the number of leapfrog steps is not positive, or the chains are others
     *     in number or dimension than the transition was made for
     */
    public double move(Density density, Chains chains, double step, int leapfrogs, long transition) {
        double[] steps = new double[count];
        Arrays.fill(steps, step);
        return move(density, chains, steps, leapfrogs, transition);
    }

    /**
     * Moves all chains by one transition, each with a step of its own.
     *
     * @param density what they walk on; the chains are evaluated at it
     * @param chains moved in place
     * @param steps e of each chain, [count], positive; not chosen by where the chains stand, or p is no longer invariant
     * @param leapfrogs L, at least 1, the same for all
     * @param transition number of the transition: each of a run another one
     * @return mean over the chains of the probability to accept
     * @throws IllegalArgumentException if a step or the number of leapfrog steps is not positive, or the chains are others in
     *     number or dimension than the transition was made for
     */
    public double move(Density density, Chains chains, double[] steps, int leapfrogs, long transition) {
        for (double step : steps) {
            if (!(step > 0) || leapfrogs < 1) {
                throw new IllegalArgumentException(
                        "a trajectory has a positive step and at least one leapfrog step, not " + leapfrogs + " of "
                                + step);
            }
        }
        if (chains.count() != count || steps.length != count || chains.dimension() != dimension) {
            throw new IllegalArgumentException("made for " + count + " chains in " + dimension + " dimensions, not for "
                    + chains.count() + " in " + chains.dimension());
        }
        System.arraycopy(chains.points(), 0, points, 0, points.length);
        System.arraycopy(chains.scores(), 0, scores, 0, scores.length);
        drawMomenta(transition);
        for (int chain = 0; chain < count; chain++) {
            energies[chain] = kineticEnergy(chain) - chains.logDensities()[chain];
        }
        kick(steps, 0.5);
        for (int leapfrog = 1; leapfrog <= leapfrogs; leapfrog++) {
            drift(steps);
            boolean last = leapfrog == leapfrogs;
            density.evaluate(points, count, last ? logDensities : null, scores);
            kick(steps, last ? 0.5 : 1);
        }
        double sum = 0;
        for (int chain = 0; chain < count; chain++) {
            double end = kineticEnergy(chain) - logDensities[chain];
            // NaN or infinite where a log-density or a score was, on the way or at the end.
            boolean valid = Double.isFinite(end) && !Double.isNaN(energies[chain]);
            acceptances[chain] = valid ? Math.min(1, Math.exp(energies[chain] - end)) : 0;
            philox.draw(seed, chain, 0, RandomStream.ACCEPTANCE, 0, transition);
            moved[chain] = philox.uniform(0) < acceptances[chain];
            if (moved[chain]) {
                take(chain, chains);
            }
            sum += acceptances[chain];
        }
        return sum / count;
    }

    /**
     * Probabilities to accept in the last transition.
     *
     * @return [count]; the array itself, overwritten by the next transition
     */
    public double[] acceptances() {
        return acceptances;
    }

    /**
     * Which chains the last transition moved.
     *
     * @return [count]; the array itself, overwritten by the next transition
     */
    public boolean[] moved() {
        return moved;
    }

    private void drawMomenta(long transition) {
        for (int chain = 0; chain < count; chain++) {
            philox.normals(seed, chain, RandomStream.MOMENTA, 0, transition, normals, 0, dimension);
            for (int i = 0; i < dimension; i++) {
                momenta[chain * dimension + i] = normals[i];
            }
        }
    }

    private double kineticEnergy(int chain) {
        double sum = 0;
        for (int i = chain * dimension; i < (chain + 1) * dimension; i++) {
            sum += momenta[i] * momenta[i];
        }
        return 0.5 * sum;
    }

    private void kick(double[] steps, double share) {
        for (int chain = 0; chain < count; chain++) {
            double time = share * steps[chain];
            for (int i = 0; i < dimension; i++) {
                int at = chain * dimension + i;
                momenta[at] += time * scales[at] * scores[at];
            }
        }
    }

    private void drift(double[] steps) {
        for (int chain = 0; chain < count; chain++) {
            for (int i = 0; i < dimension; i++) {
                int at = chain * dimension + i;
                points[at] += steps[chain] * scales[at] * momenta[at];
            }
        }
    }

    private void take(int chain, Chains chains) {
        int from = chain * dimension;
        System.arraycopy(points, from, chains.points(), from, dimension);
        System.arraycopy(scores, from, chains.scores(), from, dimension);
        chains.logDensities()[chain] = logDensities[chain];
    }
}
