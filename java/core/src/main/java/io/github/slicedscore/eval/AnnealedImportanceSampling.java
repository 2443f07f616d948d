package io.github.slicedscore.eval;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import io.github.slicedscore.sample.Chains;
import io.github.slicedscore.sample.Density;
import io.github.slicedscore.sample.HamiltonianTransition;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The normaliser by annealed importance sampling: chains that start from a wide normal distribution g and are led to the density
 * in small steps,
 *
 * <pre>
 * x_0 ~ g = N(m, s^2 diag(d^2)),      log p_b(x) = (1 - b) log g(x) + b f(x),      b_k = (k/K)^2, k = 0 .. K
 * log w = sum over k = 1 .. K of   log p_{b_k}(x_{k-1}) - log p_{b_{k-1}}(x_{k-1}),      x_k from x_{k-1} by a transition under p_{b_k}
 * log Z ~ log mean over chains of w
 * </pre>
 *
 * <p>m and d are mean and deviation of the rows, column by column, so in standardised units g is about N(0, s^2 I). E w = Z
 * whatever the transitions are, as long as each leaves its p_b invariant; good ones only make the weights more even. They are
 * Hamiltonian Monte Carlo's. Their steps are found by a pilot run of other chains, which adapts the step to an acceptance of 0.8
 * from temperature to temperature; the chains that count use the steps found, so the adaptation biases nothing.
 *
 * <p>Inverse temperatures are denser near b = 0, where a density much narrower than g makes p_b change fastest. Cost: K (L + 1)
 * evaluations a chain, and half as many again for the pilot, all chains at once.
 *
 * <h2>References</h2>
 * <ol>
 * <li>R. Neal. Annealed importance sampling. Statistics and Computing 2001.
 * </ol>
 *
 * @param chains how many, at least 20
 * @param temperatures K, at least 2
 * @param leapfrogs L, leapfrog steps of a transition, at least 1
 * @param deviation s, positive, in deviations of the rows: wide enough to reach everything that the density has
 */
public record AnnealedImportanceSampling(int chains, int temperatures, int leapfrogs, double deviation)
        implements NormalizerEstimator {
    private static final int FEWEST_CHAINS = 20;

    /** Transitions under g before the pilot's ladder, to find its first step. */
    private static final int WARM_UP = 20;

    private static final int BANDS = 10;
    private static final double LOWEST_ACCEPTANCE = 0.5;
    private static final double HIGHEST_ACCEPTANCE = 0.98;

    /** Checks the ranges. */
    public AnnealedImportanceSampling {
        if (chains < FEWEST_CHAINS) {
            throw new IllegalArgumentException(
                    "annealed importance sampling takes at least " + FEWEST_CHAINS + " chains, not " + chains);
        }
        if (temperatures < 2) {
            throw new IllegalArgumentException("annealing takes at least 2 temperatures, not " + temperatures);
        }
        if (leapfrogs < 1) {
            throw new IllegalArgumentException("a transition takes at least one leapfrog step, not " + leapfrogs);
        }
        if (!(deviation > 0) || Double.isInfinite(deviation)) {
            throw new IllegalArgumentException(
                    "the deviation that chains start with is a positive number, not " + deviation);
        }
    }

    /**
     * 1000 chains over 300 temperatures, 5 leapfrog steps a transition, from 3 deviations: the Gaussian base that energies have
     * if not told otherwise.
     *
     * @return the settings
     */
    public static AnnealedImportanceSampling standard() {
        return new AnnealedImportanceSampling(1000, 300, 5, 3);
    }

    @Override
    public NormalizerEstimate estimate(Density density, double[] rows, long seed) {
        int dimension = density.dimension();
        Points.requireFinite("rows", rows, dimension);
        double[] scales = BaselineRows.deviations(rows, dimension);
        AnnealingPath path = new AnnealingPath(density, BaselineRows.means(rows, dimension), scales, deviation);
        double[] steps = pilot(path, scales, seed);
        double[] acceptances = new double[temperatures];
        double[] logWeights = anneal(path, scales, steps, acceptances, seed);
        return new LogWeights(logWeights).estimate(warnings(acceptances), "take more temperatures, or more chains");
    }

    /** The step of each temperature but the last, at whose density no chain moves. */
    private double[] pilot(AnnealingPath path, double[] scales, long seed) {
        int count = Math.max(FEWEST_CHAINS, chains / 2);
        HamiltonianTransition transition = new HamiltonianTransition(count, scales, seed);
        Chains pilots = start(path, count, seed, 0);
        AdaptiveStep step = new AdaptiveStep(deviation, path.dimension());
        for (int k = 0; k < WARM_UP; k++) {
            step.adapt(transition.move(path, pilots, step.value(), leapfrogs, k));
        }
        double[] steps = new double[temperatures];
        for (int k = 1; k < temperatures; k++) {
            path.turnTo(inverseTemperature(k));
            pilots.evaluate(path);
            steps[k] = step.value();
            step.adapt(transition.move(path, pilots, steps[k], leapfrogs, WARM_UP + k));
        }
        return steps;
    }

    /** log w of each chain; leaves the mean acceptance of each temperature but the first. */
    private double[] anneal(AnnealingPath path, double[] scales, double[] steps, double[] acceptances, long seed) {
        HamiltonianTransition transition = new HamiltonianTransition(chains, scales, seed);
        Chains walkers = start(path, chains, seed, 1);
        long numbered = (long) WARM_UP + temperatures;
        double[] logWeights = new double[chains];
        for (int k = 1; k <= temperatures; k++) {
            double[] before = walkers.logDensities().clone();
            path.turnTo(inverseTemperature(k));
            walkers.evaluate(path);
            for (int chain = 0; chain < chains; chain++) {
                // Where the density was zero the weight is zero already, and stays so.
                if (before[chain] != Double.NEGATIVE_INFINITY) {
                    logWeights[chain] += walkers.logDensities()[chain] - before[chain];
                }
            }
            if (k < temperatures) {
                acceptances[k] = transition.move(path, walkers, steps[k], leapfrogs, numbered + k);
            }
        }
        return logWeights;
    }

    private double inverseTemperature(int k) {
        double progress = (double) k / temperatures;
        return progress * progress;
    }

    private static Chains start(AnnealingPath path, int count, long seed, int run) {
        path.turnTo(0);
        int dimension = path.dimension();
        double[] starts = new double[Math.multiplyExact(count, dimension)];
        float[] normals = new float[dimension];
        Philox philox = new Philox();
        for (int chain = 0; chain < count; chain++) {
            philox.normals(seed, chain, RandomStream.ANNEALING, 0, run, normals, 0, dimension);
            path.place(normals, starts, chain * dimension);
        }
        return new Chains(path, starts, count);
    }

    /** The lowest and the highest mean acceptance of any tenth of the ladder must be near enough to what was aimed at. */
    private List<String> warnings(double[] acceptances) {
        int bands = Math.min(BANDS, temperatures - 1);
        for (int band = 0; band < bands; band++) {
            int from = 1 + band * (temperatures - 1) / bands;
            int to = 1 + (band + 1) * (temperatures - 1) / bands;
            double mean = Arrays.stream(acceptances, from, to).average().orElseThrow();
            if (mean < LOWEST_ACCEPTANCE || mean > HIGHEST_ACCEPTANCE) {
                return List.of(String.format(
                        Locale.ROOT,
                        "at temperatures %d to %d of %d the chains' proposals were accepted with probability %.2f, far from"
                                + " the %.1f aimed at, so the chains hardly mixed there: take more temperatures",
                        from,
                        to - 1,
                        temperatures,
                        mean,
                        AdaptiveStep.TARGET));
            }
        }
        return List.of();
    }
}
