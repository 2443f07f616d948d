package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.sample.Divergence;
import io.github.slicedscore.sample.FlowLikelihood;
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
     * @throws IllegalArgumentException if the model was trained without noise levels, if there are more than 20 different
     *     conditions, or a column is missing
     */
    public static FlowLogLikelihood of(ScoreModel model, Dataset table, int most, long seed) {
        NoiseLevels levels = model.noiseLevels()
                .orElseThrow(() -> new IllegalArgumentException(
                        "this model was trained without noise levels, along which the flow runs; train one with them"
                                + " (--noise-levels)"));
        ModelRows rows = ModelRows.of(model, table).shuffled(most, seed);
        int dimension = model.columns().size();
        int width = rows.original().length / rows.count();
        double[] values = new double[rows.count()];
        double squares = 0;
        long key = seed;
        for (Conditions condition : Conditions.of(rows, model.conditions(), "the flow is followed")) {
            int[] members = condition.rows();
            // Another key for each condition: rows of one number would share their probes, and err alike.
            Divergence divergence =
                    dimension <= EXACT_COLUMNS ? new Divergence.Exact() : new Divergence.Hutchinson(PROBES, key++);
            double[] points = new double[members.length * dimension];
            for (int i = 0; i < members.length; i++) {
                System.arraycopy(rows.original(), members[i] * width, points, i * dimension, dimension);
            }
            FlowLikelihood found = ProbabilityFlow.standard()
                    .logLikelihood(model, points, members.length, divergence, condition.values());
            for (int i = 0; i < members.length; i++) {
                values[members[i]] = found.values()[i];
                squares += found.standardErrors()[i] * found.standardErrors()[i];
            }
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
}
