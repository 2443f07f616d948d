package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.sample.Divergence;
import io.github.slicedscore.sample.FlowLikelihood;
import io.github.slicedscore.sample.NoisedScore;
import io.github.slicedscore.sample.ProbabilityFlow;
import java.util.List;

/**
 * Mean log-likelihood of the rows of a table under a model of several noise levels, by its {@link ProbabilityFlow}, in nats a row
 * and in the units of the data. It is normalised without an estimate, and score networks have it, too; it is the density of rows
 * noised by the smallest level.
 *
 * @param mean the mean log-likelihood
 * @param rows number of rows
 * @param samplingError standard error of the mean over the rows; NaN for a single row
 * @param divergenceError standard error that comes from the probes of the trace; 0 where the trace is exact
 * @param warnings why the figure is not to be trusted, one sentence each; empty where nothing speaks against it
 */
public record FlowLogLikelihood(
        double mean, int rows, double samplingError, double divergenceError, List<String> warnings) {
    /** Up to so many columns the trace is exact, which costs a Jacobian-vector product for each. */
    private static final int EXACT_COLUMNS = 16;

    private static final int PROBES = 16;

    /** Rows at once, which share the flow's steps; it bounds the memory. */
    private static final int CHUNK = 8192;

    /** Where noised data of deviation 1 are near a Gaussian whatever they are. */
    private static final double LARGE = 3;

    /** Copies the list. */
    public FlowLogLikelihood {
        warnings = List.copyOf(warnings);
    }

    /**
     * The log-likelihood of rows; up to {@value #EXACT_COLUMNS} columns with the exact trace, else with {@value #PROBES} probes.
     *
     * @param model trained with noise levels
     * @param table with the model's columns and conditions among their columns
     * @param most of more rows so many are used, chosen at random
     * @param seed key of the random numbers
     * @return the log-likelihood
     * @throws IllegalArgumentException if the model was trained without noise levels, or a column is missing
     */
    public static FlowLogLikelihood of(ScoreModel model, Dataset table, int most, long seed) {
        NoiseLevels levels = model.noiseLevels()
                .orElseThrow(() -> new IllegalArgumentException(
                        "this model was trained without noise levels, along which the flow runs; train one with them"
                                + " (--noise-levels)"));
        ModelRows rows = ModelRows.shuffled(model, table, most, seed);
        FlowLikelihood found = likelihoods(model, rows, seed);
        double[] values = found.values();
        double squares = 0;
        for (double error : found.standardErrors()) {
            squares += error * error;
        }
        SampleMean mean = SampleMean.of(values);
        List<String> warnings = levels.largest() < LARGE
                ? List.of(
                        "the largest noise level, " + levels.largest() + ", leaves the data's shape, but the flow takes"
                                + " them for a Gaussian there; train with a largest level of 5 or more")
                : List.of();
        return new FlowLogLikelihood(
                mean.mean(), rows.count(), mean.standardError(), Math.sqrt(squares) / rows.count(), warnings);
    }

    /** Of each row, each at its own condition. */
    static FlowLikelihood likelihoods(ScoreModel model, ModelRows rows, long seed) {
        int dimension = model.columns().size();
        double scale = model.standardizer().logScale(dimension);
        double[] values = new double[rows.count()];
        double[] errors = new double[rows.count()];
        int evaluations = 0;
        for (int from = 0; from < rows.count(); from += CHUNK) {
            ModelRows chunk = rows.range(from, Math.min(rows.count(), from + CHUNK));
            NoisedScore score = model.conditions().isEmpty()
                    ? NoisedScore.standardized(model)
                    : NoisedScore.standardizedEach(model, chunk.originalConditions());
            // Another key for each chunk: rows of one number would share their probes, and err alike.
            Divergence divergence = dimension <= EXACT_COLUMNS
                    ? new Divergence.Exact()
                    : new Divergence.Hutchinson(PROBES, seed + from / CHUNK);
            FlowLikelihood found =
                    ProbabilityFlow.standard().logLikelihood(score, chunk.points(), chunk.count(), divergence);
            for (int i = 0; i < chunk.count(); i++) {
                values[from + i] = found.values()[i] - scale;
                errors[from + i] = found.standardErrors()[i];
            }
            evaluations += found.evaluations();
        }
        return new FlowLikelihood(values, errors, evaluations);
    }
}
