package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import java.util.Arrays;
import java.util.Optional;

/**
 * Unadjusted Langevin dynamics, one chain per sample, in standardised units:
 *
 * <pre>x_0 ~ N(0, I),      x_{t+1} = x_t + h/2 s(x_t) + sqrt(h) xi_t,      xi_t ~ N(0, I)</pre>
 *
 * <p>The step h falls linearly from its first to its last value: long steps first to spread out and to cross between modes,
 * short ones last, because the samples' bias grows with the step of the end.
 *
 * <h2>References</h2>
 * <ol>
 * <li>G. Roberts, R. Tweedie. Exponential convergence of Langevin distributions and their discrete approximations. Bernoulli
 *     1996, section 1.4.1.</li>
 * </ol>
 *
 * @param steps number of steps, at least 1
 * @param firstStep h at the start, in squared standard deviations of the data
 * @param lastStep h at the end
 */
public record Langevin(int steps, double firstStep, double lastStep) implements Sampler {
    /** Chains that the diagnostics look at. */
    private static final int TRACED_CHAINS = 64;

    /** States of a chain that they look at: so many pieces the last half of the steps is done in. */
    private static final int TRACED_DRAWS = 50;

    private static final String MEND =
            "the steps are too long for this model (try a tenth), or its score does not point back"
                    + " to the data far from it (train an energy with a Gaussian base, or with more noise)";

    /** Checks the ranges. */
    public Langevin {
        if (steps < 1) {
            throw new IllegalArgumentException("Langevin dynamics takes at least one step, not " + steps);
        }
        requireStep(firstStep);
        requireStep(lastStep);
    }

    private static void requireStep(double step) {
        if (!(step > 0) || Double.isInfinite(step)) {
            throw new IllegalArgumentException("a Langevin step is a positive number, not " + step);
        }
    }

    /**
     * Settings that suit standardised data whose finest detail is about a tenth of a standard deviation.
     *
     * @return 1000 steps of 0.05 falling to 0.002
     */
    public static Langevin standard() {
        return new Langevin(1000, 0.05, 0.002);
    }

    /**
     * {@inheritDoc}
     *
     * <p>One chain for each sample, so samples are independent of each other. The diagnostics look at states of the first
     * {@value #TRACED_CHAINS} chains in the last half of the steps, {@value #TRACED_DRAWS} of each at most: whether a chain is
     * long enough to forget where it began.
     */
    @Override
    public Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        StandardUnits.requireCount(count);
        ModelRows rows = new ModelRows(model, conditions);
        int dimension = rows.dimension();
        float[] chains = rows.inputs(StandardUnits.starts(count, dimension, 1, seed), count);
        int draws = Math.min(TRACED_DRAWS, steps - steps / 2);
        int traced = Math.min(TRACED_CHAINS, count);
        double[] trace = new double[draws * traced * dimension];
        double[] sizes = sizes();
        int done = 0;
        for (int draw = 0; draw < draws; draw++) {
            // Evenly spread over the last half, the end included.
            int until = steps - (int) ((long) (draws - 1 - draw) * (steps - steps / 2) / draws);
            model.scorer().langevin(chains, count, Arrays.copyOfRange(sizes, done, until), seed, done);
            done = until;
            rows.points(chains, traced, trace, draw * traced * dimension);
        }
        double[] points = new double[count * dimension];
        rows.points(chains, count, points, 0);
        Dataset samples = StandardUnits.restore(model, points, count, MEND);
        ChainDiagnostics diagnostics = ChainDiagnostics.of(new Trace(trace, draws, traced, dimension), model.columns());
        return new Samples(samples, Optional.of(diagnostics));
    }

    /** h of each step. */
    private double[] sizes() {
        double[] sizes = new double[steps];
        for (int step = 0; step < steps; step++) {
            double progress = steps == 1 ? 1 : step / (steps - 1.0);
            sizes[step] = firstStep + (lastStep - firstStep) * progress;
        }
        return sizes;
    }
}
