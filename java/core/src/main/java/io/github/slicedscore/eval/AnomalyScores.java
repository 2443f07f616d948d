package io.github.slicedscore.eval;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.sample.Density;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How unusual the rows of a table are under a model, and by which of their columns. Immutable. */
public final class AnomalyScores {
    /** Of the midpoint rule along a path. */
    private static final int PATH_POINTS = 64;

    private final AnomalyStatistic statistic;
    private final List<String> columns;
    private final double[] values;
    private final double[] scores;

    private AnomalyScores(AnomalyStatistic statistic, List<String> columns, double[] values, double[] scores) {
        this.statistic = statistic;
        this.columns = columns;
        this.values = values;
        this.scores = scores;
    }

    /**
     * Looks at rows.
     *
     * @param model of either kind
     * @param table with the model's columns and conditions among its columns
     * @param statistic by what they are told
     * @param seed key of the random numbers of estimates
     * @return the statistic and the score of each row
     * @throws IllegalArgumentException if the model does not give the statistic, there is no row, or a column is missing
     */
    public static AnomalyScores of(ScoreModel model, Dataset table, AnomalyStatistic statistic, long seed) {
        ModelRows rows = ModelRows.of(model, table);
        double[] scores = rows.scores();
        double[] values =
                switch (statistic) {
                    case LOG_DENSITY -> logDensities(model, rows, seed);
                    case FLOW ->
                        FlowLogLikelihood.likelihoods(model, rows, seed).values();
                    case PATH -> pathIntegrals(model, rows);
                    case SCORE_NORM -> norms(scores, model.columns().size());
                };
        return new AnomalyScores(statistic, model.columns(), values, scores);
    }

    private static double[] logDensities(ScoreModel model, ModelRows rows, long seed) {
        if (!model.hasDensity()) {
            throw new IllegalArgumentException("this model is a score network and has no log-density; rank by its "
                    + AnomalyStatistic.of(model).id() + ", or train an energy (--model energy, or EnergyMlp)");
        }
        double[] values = new double[rows.count()];
        model.logDensity(rows.original(), rows.count(), values);
        if (model.conditions().isEmpty()) {
            return values;
        }
        double[] points = rows.points();
        for (Conditions condition : Conditions.of(rows, model.conditions(), "a log-density's constant is estimated")) {
            double constant = ImportanceSampling.standard()
                    .estimate(Density.standardized(model, condition.values()), points, seed)
                    .logNormalizer();
            for (int row : condition.rows()) {
                values[row] -= constant;
            }
        }
        return values;
    }

    private static double[] pathIntegrals(ScoreModel model, ModelRows rows) {
        if (!model.conditions().isEmpty()) {
            throw new IllegalArgumentException("the model is conditioned on " + model.conditions()
                    + ", and the path's start is another log-density for each condition; rank by another statistic");
        }
        double[] ends = rows.original();
        double[] means = model.standardizer().means();
        double[] points = new double[ends.length];
        double[] scores = new double[ends.length];
        double[] integrals = new double[rows.count()];
        for (int k = 0; k < PATH_POINTS; k++) {
            double t = (k + 0.5) / PATH_POINTS;
            for (int i = 0; i < ends.length; i++) {
                double mean = means[i % means.length];
                points[i] = mean + t * (ends[i] - mean);
            }
            model.score(points, rows.count(), scores);
            for (int i = 0; i < ends.length; i++) {
                integrals[i / means.length] += scores[i] * (ends[i] - means[i % means.length]) / PATH_POINTS;
            }
        }
        return integrals;
    }

    private static double[] norms(double[] scores, int dimension) {
        double[] norms = new double[scores.length / dimension];
        for (int i = 0; i < scores.length; i++) {
            norms[i / dimension] += scores[i] * scores[i];
        }
        return Arrays.stream(norms).map(Math::sqrt).toArray();
    }

    /**
     * By what the rows are told.
     *
     * @return the statistic
     */
    public AnomalyStatistic statistic() {
        return statistic;
    }

    /**
     * Number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return values.length;
    }

    /**
     * The statistic of a row.
     *
     * @param row 0 .. rows-1
     * @return its value
     */
    public double value(int row) {
        return values[row];
    }

    /**
     * How unusual the rows are, whatever the statistic.
     *
     * @return [rows], higher for rows that are more unusual
     */
    public double[] surprises() {
        return statistic.highIsUnusual()
                ? values.clone()
                : Arrays.stream(values).map(value -> -value).toArray();
    }

    /**
     * The rows by how unusual they are.
     *
     * @return row numbers, the most unusual first; of equal ones the earlier first
     */
    public int[] ranking() {
        double[] surprises = surprises();
        return IntStream.range(0, surprises.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -surprises[row]))
                .mapToInt(row -> row)
                .toArray();
    }

    /**
     * Where the rows stand among others.
     *
     * @param reference other rows by the same statistic
     * @return [rows]: how many percent of the reference rows are more unusual than each
     * @throws IllegalArgumentException if that has another statistic
     */
    public double[] percentiles(AnomalyScores reference) {
        if (reference.statistic != statistic) {
            throw new IllegalArgumentException("rows by their " + statistic.id()
                    + " can't be compared with rows by their " + reference.statistic.id());
        }
        double[] sorted = reference.surprises();
        Arrays.sort(sorted);
        return Arrays.stream(surprises())
                .map(surprise -> 100.0 * countAbove(sorted, surprise) / sorted.length)
                .toArray();
    }

    private static int countAbove(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] <= value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return sorted.length - from;
    }

    /**
     * The columns of a row by how much they speak against it.
     *
     * @param row 0 .. rows-1
     * @return all columns, that of the largest score, either way, first
     */
    public List<ColumnScore> columns(int row) {
        List<ColumnScore> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(new ColumnScore(columns.get(i), scores[row * columns.size() + i]));
        }
        all.sort(Comparator.comparingDouble(column -> -Math.abs(column.score())));
        return all;
    }
}
