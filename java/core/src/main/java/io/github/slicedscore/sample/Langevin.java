package io.github.slicedscore.sample;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

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
    /** Chains that R-hat and effective sizes are of, and the fewest that are run: fewer tell too little. */
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
     * <p>One chain for each sample, and {@value #TRACED_CHAINS} at least, so that fewer samples can be warned of, too; the
     * first chains are the samples, which are the same however many there are. So samples are independent of each other, and are good where chains have forgotten where
     * they began. That is what the warnings are about: columns whose last states are correlated with their first ones, by more
     * than 0.1 and 4 standard errors of no correlation, 4/chains^(1/2). R-hat and effective sizes are of states of the first
     * {@value #TRACED_CHAINS} chains in the last half of the steps, {@value #TRACED_DRAWS} of each at most. They tell whether
     * one chain would do for all samples, so R-hat above 1.05 is no fault here.
     */
    @Override
    public Samples draw(ScoreModel model, int count, long seed, double... conditions) {
        StandardUnits.requireCount(count);
        return draw(model, ModelRows.of(model, conditions), count, seed);
    }

    /**
     * {@inheritDoc}
     *
     * <p>R-hat and effective sizes then compare chains of different conditions, and mean little.
     */
    @Override
    public Samples drawEach(ScoreModel model, double[] conditions, long seed) {
        int count = StandardUnits.requireEach(model, conditions);
        return draw(model, ModelRows.each(model, conditions), count, seed);
    }

    private Samples draw(ScoreModel model, ModelRows rows, int count, long seed) {
        int dimension = rows.dimension();
        int run = Math.max(count, TRACED_CHAINS);
        double[] starts = StandardUnits.starts(run, dimension, 1, seed);
        float[] chains = rows.inputs(starts, run);
        int draws = Math.min(TRACED_DRAWS, steps - steps / 2);
        double[] trace = new double[draws * TRACED_CHAINS * dimension];
        double[] sizes = sizes();
        int done = 0;
        for (int draw = 0; draw < draws; draw++) {
            // Evenly spread over the last half, the end included.
            int until = steps - (int) ((long) (draws - 1 - draw) * (steps - steps / 2) / draws);
            model.scorer().langevin(chains, run, Arrays.copyOfRange(sizes, done, until), seed, done);
            done = until;
            rows.points(chains, TRACED_CHAINS, trace, draw * TRACED_CHAINS * dimension);
        }
        double[] points = new double[run * dimension];
        rows.points(chains, run, points, 0);
        Dataset ends = StandardUnits.restore(model, points, run, MEND);
        Dataset samples =
                count == run ? ends : ends.rows(IntStream.range(0, count).toArray());
        ChainDiagnostics mixing =
                ChainDiagnostics.of(new Trace(trace, draws, TRACED_CHAINS, dimension), model.columns());
        ChainDiagnostics diagnostics = new ChainDiagnostics(
                TRACED_CHAINS, draws, mixing.columns(), Optional.empty(), memories(starts, points, model.columns()));
        return new Samples(samples, Optional.of(diagnostics));
    }

    /** A warning, if there is a column whose samples remember where their chains began. */
    private static List<String> memories(double[] starts, double[] ends, List<String> columns) {
        int dimension = columns.size();
        int count = starts.length / dimension;
        int worst = 0;
        double[] correlations = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            correlations[i] = correlation(starts, ends, i, dimension);
            worst = Math.abs(correlations[i]) > Math.abs(correlations[worst]) ? i : worst;
        }
        if (!(Math.abs(correlations[worst]) > Math.max(0.1, 4 / Math.sqrt(count)))) {
            return List.of();
        }
        return List.of(String.format(
                Locale.ROOT,
                "samples remember where their chains began (correlation %.2f in column '%s'), so modes may have wrong shares;"
                        + " take more steps, or longer first ones",
                correlations[worst],
                columns.get(worst)));
    }

    /** Of one column of two arrays of rows. */
    private static double correlation(double[] first, double[] second, int column, int dimension) {
        int count = first.length / dimension;
        double meanFirst = 0;
        double meanSecond = 0;
        for (int i = column; i < first.length; i += dimension) {
            meanFirst += first[i] / count;
            meanSecond += second[i] / count;
        }
        double product = 0;
        double squareFirst = 0;
        double squareSecond = 0;
        for (int i = column; i < first.length; i += dimension) {
            product += (first[i] - meanFirst) * (second[i] - meanSecond);
            squareFirst += (first[i] - meanFirst) * (first[i] - meanFirst);
            squareSecond += (second[i] - meanSecond) * (second[i] - meanSecond);
        }
        return squareFirst > 0 && squareSecond > 0 ? product / Math.sqrt(squareFirst * squareSecond) : 0;
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
