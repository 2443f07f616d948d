package io.github.slicedscore.sample;

import java.util.OptionalDouble;

/**
 * One column of a trace, every chain split into halves (of an odd number of draws the first is left out), so that a chain that
 * drifts disagrees with itself. With m half-chains of n draws, W the mean of their variances and B/n the variance of their
 * means:
 *
 * <pre>
 * V     = (n-1)/n W + B/n                                       R-hat = sqrt(V / W)
 * rho_t = 1 - (W - mean of the autocovariances at lag t) / V    ESS   = m n / (1 + 2 sum of rho_t)
 * </pre>
 *
 * <p>The sum runs over pairs rho_2k + rho_2k+1 as long as they are positive, each lowered to the one before (Geyer's initial
 * monotone sequence); ESS is at most m n log10(m n).
 *
 * <h2>References</h2>
 * <ol>
 * <li>A. Gelman et al. Bayesian data analysis, 3rd edition 2013, sections 11.4 and 11.5.</li>
 * <li>A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P. Burkner. Rank-normalization, folding, and localization: an improved
 *     R-hat. Bayesian Analysis 2021, sections 3.1 and 3.2; without its rank normalisation.</li>
 * <li>C. Geyer. Practical Markov chain Monte Carlo. Statistical Science 1992, section 3.3.</li>
 * </ol>
 */
final class SplitChains {
    /** Draws of a chain below which its halves have no variance. */
    static final int FEWEST_DRAWS = 4;

    private final double[][] halves;
    private final int length;
    private final double within;
    private final double total;

    private SplitChains(double[][] halves) {
        this.halves = halves;
        length = halves[0].length;
        double[] means = new double[halves.length];
        double variances = 0;
        for (int half = 0; half < halves.length; half++) {
            means[half] = mean(halves[half]);
            for (int draw = 0; draw < length; draw++) {
                halves[half][draw] -= means[half];
            }
            variances += covariance(halves[half], 0) * length / (length - 1);
        }
        within = variances / halves.length;
        double centre = mean(means);
        double spread = 0;
        for (double mean : means) {
            spread += (mean - centre) * (mean - centre);
        }
        total = within * (length - 1) / length + spread / (halves.length - 1);
    }

    /** A column of at least {@link #FEWEST_DRAWS} draws. */
    static SplitChains of(Trace trace, int column) {
        int length = trace.draws() / 2;
        double[][] halves = new double[2 * trace.chains()][length];
        int first = trace.draws() - 2 * length;
        for (int half = 0; half < halves.length; half++) {
            int from = first + (half % 2) * length;
            for (int draw = 0; draw < length; draw++) {
                halves[half][draw] = trace.value(from + draw, half / 2, column);
            }
        }
        return new SplitChains(halves);
    }

    /** 1 for chains that agree, more for others; none where no chain moves. */
    OptionalDouble rHat() {
        return within > 0 ? OptionalDouble.of(Math.sqrt(total / within)) : OptionalDouble.empty();
    }

    /** How many independent draws the column's mean is as good as; none where no chain moves. */
    OptionalDouble effectiveSize() {
        if (!(within > 0)) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        double previous = Double.POSITIVE_INFINITY;
        for (int lag = 0; lag + 1 < length; lag += 2) {
            double pair = correlation(lag) + correlation(lag + 1);
            if (!(pair > 0)) {
                break;
            }
            previous = Math.min(previous, pair);
            sum += previous;
        }
        double states = (double) halves.length * length;
        double time = Math.max(2 * sum - 1, 1 / Math.log10(states));
        return OptionalDouble.of(states / time);
    }

    private double correlation(int lag) {
        if (lag == 0) {
            return 1;
        }
        double sum = 0;
        for (double[] half : halves) {
            sum += covariance(half, lag);
        }
        return 1 - (within - sum / halves.length) / total;
    }

    /** Of a half-chain without its mean; divided by its length, not by the number of pairs, as is usual. */
    private double covariance(double[] half, int lag) {
        double sum = 0;
        for (int draw = lag; draw < length; draw++) {
            sum += half[draw] * half[draw - lag];
        }
        return sum / length;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
